module example.com/bodies

go 1.26.0
