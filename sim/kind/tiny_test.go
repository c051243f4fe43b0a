package kind

// tiny is a kind with one of everything.
func tiny() *Kind {
	return &Kind{
		Name: "box",
		Settings: []Setting{
			{Name: "room", Form: Count, Min: 1, Max: 9, Draws: []int64{1, 2}},
			{Name: "pace", Form: Duration, Min: 1, Max: int64(MaxMove), Draws: []int64{5}},
			{Name: "mode", Form: Choice, Words: Words("open", "shut")},
		},
		Ops: []Operation{
			Time,
			{Name: "give", Lane: true, Hands: true, Params: []Param{{Name: "count", Form: Count, Letter: 'x', Min: 1, Max: 9}}},
			{Name: "swap", Lane: true, Params: []Param{
				{Name: "key", Form: Named, Letter: 'k', Max: 99, More: 2},
				{Name: "value", Form: Named, Letter: 'v', Max: 99},
				{Name: "key", Form: Count, Max: 99},
			}},
			{Name: "tell", Params: []Param{{Name: "what", Form: Choice, Words: Words("go", "stop")}}},
		},
		Notices: []Notice{{Text: "rings"}, {Text: "burns", Law: "X1-full"}},
		Laws:    []Law{{ID: "X1-full", Text: "a box is never full"}},
		End:     func(Config, []Op) []Op { return nil },
	}
}

const (
	give Verb = 1
	swap Verb = 2
	tell Verb = 3
)
