module example/upload

go 1.25

require (
	github.com/jlaffaye/ftp v0.2.2
	github.com/testcontainers/testcontainers-go v0.44.0
)
