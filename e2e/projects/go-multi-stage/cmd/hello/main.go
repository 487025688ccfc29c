package main

import (
	"fmt"

	"example.test/hello/internal/words"
)

var version = "unset"

func main() {
	fmt.Println(words.Greeting, version)
}
