module jarowinkler

go 1.26.0

require github.com/hbollon/go-edlib v1.7.0
