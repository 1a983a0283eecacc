// Runs the examples in one process, because a jsii kernel takes seconds to start. Each writes its assembly into a folder of its own.
//
//	examples blocks.json
package main

import (
	"encoding/json"
	"fmt"
	"os"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/jsii-runtime-go"
)

type block struct{ Name, Place, Out string }

var (
	out  string
	apps []awscdk.App
)

// newApp creates the app of an example.
func newApp(create func(*awscdk.AppProps) awscdk.App) awscdk.App {
	app := create(&awscdk.AppProps{Outdir: jsii.String(out)})
	apps = append(apps, app)
	return app
}

func run(each block) (failed bool) {
	defer func() {
		if reason := recover(); reason != nil {
			fmt.Fprintf(os.Stderr, "%s in Go: %v\n", each.Place, reason)
			failed = true
		}
	}()
	out, apps = each.Out, nil
	examples[each.Name]()
	for _, app := range apps {
		app.Synth(nil)
	}
	return false
}

func main() {
	text, err := os.ReadFile(os.Args[1])
	if err != nil {
		panic(err)
	}
	var blocks []block
	if err := json.Unmarshal(text, &blocks); err != nil {
		panic(err)
	}
	failures := 0
	for _, each := range blocks {
		if run(each) {
			failures++
		}
	}
	jsii.Close()
	if failures > 0 {
		os.Exit(1)
	}
}
