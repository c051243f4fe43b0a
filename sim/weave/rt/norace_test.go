package rt

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// seen lists the functions of this package that the race detector may look into, because
// what they touch is their own or the program's, or because they run on no goroutine of
// a run. Whoever adds one says here why.
var seen = map[string]string{
	"init": "before any run", "RaceLog": "between runs", "Run": "on the caller's goroutine, which waits", "RaceErrors": "asks the detector",
	"body": "touches its arguments", "launch": "starts the goroutine, which has not the turn yet",
	"carry": "on the caller's goroutine, which waits", "Keep": "between runs", "astray": "outside of a run", "apart": "of no goroutine of a run",
	"To": "makes a value", "Send": "the program's own send; see send", "From": "see from",
	"Over": "makes a value", "Next": "the program's own receive or map", "Select": "see choose",
	"OnRecv": "makes a value", "OnSend": "makes a value", "Recv": "see chosenRecv",
	"sortOf": "its argument", "String": "pure", "At": "see point", "Touch": "see touch", "Again": "see touch", "pointee": "its argument",
	"OverMap": "reads the program's map, which is to be seen", "MapRange": "the program's map",
	"list": "the program's map", "arrange": "its own keys", "as": "its own keys", "arrangeBoth": "its own keys",
	"turnAround": "its own keys",
	"compare":    "its own keys", "compareBool": "pure", "compareParts": "its own keys", "compareFloat": "pure", "compareAddress": "see known",
	"MapsAll": "see OverMap", "MapsKeys": "see OverMap", "MapsValues": "see OverMap",
	"MapsDeleteFunc": "the program's map", "MapsEqualFunc": "the program's maps",
	"Key": "its argument; see see", "meetIn": "its argument; see see", "typeAddress": "its argument", "Gap": "see note", "onHeap": "reads what nobody writes",
	"RandSeed": "does nothing", "RandRead": "the program's bytes; see draw", "RandV2N": "see draw", "fill": "the program's bytes; see draw",
	"Read": "the program's bytes; see draw", "CryptoRandRead": "the program's bytes; see draw", "CryptoRandText": "makes a value",
	"MaphashString": "pure", "MaphashBytes": "the program's bytes", "MaphashComparable": "its argument; see see",
	"MaphashWriteComparable": "the program's hash", "begin": "its argument", "hashBytes": "the program's bytes",
	"hashComparable": "its argument; see see", "hashValue": "its argument; see see", "hashParts": "its argument; see see",
	"hashFloat": "see draw", "begun": "the program's hash", "Write": "the program's hash", "WriteString": "the program's hash",
	"WriteByte": "the program's hash", "Seed": "the program's hash", "SetSeed": "the program's hash", "Reset": "the program's hash",
	"Sum64": "the program's hash", "Sum": "the program's hash and bytes", "Size": "pure", "BlockSize": "pure", "Clone": "the program's hash",
	"FmtSprintf": "see disguise", "FmtSprint": "see disguise", "FmtSprintln": "see disguise", "FmtAppendf": "the program's bytes",
	"FmtAppend": "the program's bytes", "FmtAppendln": "the program's bytes", "FmtFprintf": "see disguise", "FmtFprint": "see disguise",
	"FmtFprintln": "see disguise", "FmtPrintf": "see disguise", "FmtPrint": "see disguise", "FmtPrintln": "see disguise",
	"FmtErrorf": "an error of its own", "disguise": "its own text; see in", "appendPairs": "its own text; see see",
	"mayHoldAddress": "its own text", "leftover": "its own text", "padded": "its argument", "textOf": "its argument", "Error": "pure",
	"RuntimeNumCPU": "pure", "RuntimeSetFinalizer": "see Active", "RuntimeAddCleanup": "see Active",
	"RuntimeLockOSThread": "see Active", "RuntimeUnlockOSThread": "see Active",
	"RuntimeGOMAXPROCS": "see RuntimeNumCPU", "OsGetpid": "pure", "OsGetppid": "pure",
	"Function": "of a run that is over", "Test": "of a run that is over", "RuntimeStack": "the program's bytes; see current", "DebugStack": "see current",
	"DebugPrintStack": "see current", "stack": "see current",
	"frames": "makes a value", "caller": "makes a value", "WeakMake": "see see",
	"Unlocked": "see awaitLogger", "Logs": "see logs", "loggerOr": "its arguments",
	"lockIn": "what a logger is made of", "ofLogger": "pure", "raceWrite": "asks the detector",
	"Lock": "see RWMutexRLock", "Unlock": "see RWMutexRUnlock", "RWMutexRLocker": "makes a value",
	"LockerLock": "see MutexLock", "LockerUnlock": "see MutexUnlock", "Bound": "makes a value",
	"WaitGroupGo": "see WaitGroupAdd", "SyncOnceFunc": "see OnceDo", "SyncOnceValue": "see OnceDo", "SyncOnceValues": "see OnceDo",
	"SyncNewCond": "makes a value", "CondWait": "see enlist and condWait",
	"TimeSince": "see TimeNow", "TimeUntil": "see TimeNow", "TimeTick": "see TimeNewTicker",
	"ContextWithTimeout": "see TimeAfterFunc", "ContextWithDeadline": "see TimeAfterFunc", "ContextWithTimeoutCause": "see TimeAfterFunc",
	"ContextWithDeadlineCause": "see TimeAfterFunc", "ContextAfterFunc": "see afterFunc", "expire": "package context's own", "Deadline": "its own value",
	"Receive": "see receiveReflected", "SendValue": "see sendReflected", "CloseValue": "see pointClose", "newBuffer": "makes a value",
	"Then": "see plain", "Wrote": "see plain", "ReadMap": "see plain", "WriteMap": "see plain", "WroteMap": "see plain",
	"NameErrors": "before any run", "ErrorName": "the program's errors",
	"MaphashMakeSeed": "see draw", "Active": "reads what is written between runs", "Acquire": "asks the detector", "Release": "asks the detector",
	"raceDisable": "asks the detector", "raceEnable": "asks the detector", "raceAcquire": "asks the detector",
	"raceRelease": "asks the detector", "raceReleaseOnly": "asks the detector",
}

// TestNorace: what runs on goroutines under test and touches what they share is not seen
// by the race detector, and uses nothing that is seen all the same.
func TestNorace(t *testing.T) {
	for name, f := range functions(t, ".") {
		if _, ok := seen[f.Name.Name]; !marked(f) && !ok {
			t.Errorf("%s is neither marked norace nor among those that need not be", name)
		}
		if marked(f) {
			clean(t, name, f)
		}
	}
	for name := range seen {
		if !hasName(functions(t, "."), name) {
			t.Errorf("%s is among those that need not be marked, and is not there", name)
		}
	}
}

// TestNoraceOfStrategies: the same of all that a Chooser leads to.
func TestNoraceOfStrategies(t *testing.T) {
	all := functions(t, "../../sched")
	reached := map[string]bool{"Next": true, "Value": true}
	for more := true; more; {
		more = false
		for _, f := range all {
			if !reached[f.Name.Name] {
				continue
			}
			ast.Inspect(f, func(n ast.Node) bool {
				call, ok := n.(*ast.CallExpr)
				if !ok {
					return true
				}
				name := ""
				switch fun := call.Fun.(type) {
				case *ast.Ident:
					name = fun.Name
				case *ast.SelectorExpr:
					name = fun.Sel.Name
				}
				if hasName(all, name) && !reached[name] {
					reached[name], more = true, true
				}
				return true
			})
		}
	}
	for name, f := range all {
		if !reached[f.Name.Name] {
			continue
		}
		if !marked(f) {
			t.Errorf("%s is not marked norace", name)
		}
		clean(t, name, f)
	}
	if len(reached) < 8 {
		t.Errorf("reached only %v", reached)
	}
}

func functions(t *testing.T, dir string) map[string]*ast.FuncDecl {
	files, err := filepath.Glob(dir + "/*.go")
	if err != nil || files == nil {
		t.Fatal(dir, err)
	}
	all := map[string]*ast.FuncDecl{}
	for _, file := range files {
		src, err := os.ReadFile(file)
		if err != nil || strings.HasSuffix(file, "_test.go") {
			continue
		}
		fset := token.NewFileSet()
		parsed, err := parser.ParseFile(fset, file, src, parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range parsed.Decls {
			if f, ok := d.(*ast.FuncDecl); ok {
				all[fset.Position(f.Pos()).String()+" "+f.Name.Name] = f
			}
		}
	}
	return all
}

func hasName(all map[string]*ast.FuncDecl, name string) bool {
	for _, f := range all {
		if f.Name.Name == name {
			return true
		}
	}
	return false
}

func marked(f *ast.FuncDecl) bool {
	if f.Doc != nil {
		for _, c := range f.Doc.List {
			if c.Text == "//go:norace" {
				return true
			}
		}
	}
	return false
}

// clean reports what the runtime itself tells the detector of, and closures, which are
// functions that are not marked.
func clean(t *testing.T, name string, f *ast.FuncDecl) {
	ast.Inspect(f, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			t.Errorf("%s is norace, and has a closure", name)
		case *ast.MapType:
			t.Errorf("%s is norace, and uses a map", name)
		case *ast.CallExpr:
			if id, ok := n.Fun.(*ast.Ident); ok && (id.Name == "append" || id.Name == "copy" || id.Name == "delete" || id.Name == "clear") {
				t.Errorf("%s is norace, and calls %s", name, id.Name)
			}
		}
		return true
	})
}
