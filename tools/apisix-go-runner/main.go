// Apache's runner for Go with its own plugins and one more, which does what its value says: the tests and the bench run
// it beside ours.
package main

import (
	"encoding/json"
	"net/http"
	"os"
	"strconv"
	"strings"

	_ "github.com/apache/apisix-go-plugin-runner/cmd/go-runner/plugins"
	pkgHTTP "github.com/apache/apisix-go-plugin-runner/pkg/http"
	"github.com/apache/apisix-go-plugin-runner/pkg/log"
	"github.com/apache/apisix-go-plugin-runner/pkg/plugin"
	"github.com/apache/apisix-go-plugin-runner/pkg/runner"
	"go.uber.org/zap/zapcore"
)

// Steps is a value of the probe: names of steps, each with what it needs.
type Steps [][]string

// Probe does one step after the other.
type Probe struct {
	plugin.DefaultPlugin
}

func (p *Probe) Name() string {
	return "probe"
}

func (p *Probe) ParseConf(in []byte) (interface{}, error) {
	steps := Steps{}
	err := json.Unmarshal(in, &steps)
	return steps, err
}

func (p *Probe) RequestFilter(conf interface{}, w http.ResponseWriter, r pkgHTTP.Request) {
	for _, step := range conf.(Steps) {
		request(step, w, r)
	}
}

func request(step []string, w http.ResponseWriter, r pkgHTTP.Request) {
	switch step[0] {
	case "path":
		r.SetPath([]byte(step[1]))
	case "set header":
		r.Header().Set(step[1], step[2])
	case "delete header":
		r.Header().Del(step[1])
	case "set argument":
		r.Args()[step[1]] = step[2:]
	case "delete argument":
		r.Args().Del(step[1])
	case "response header":
		r.RespHeader().Add(step[1], step[2])
	case "stop header":
		w.Header().Add(step[1], step[2])
	case "status":
		w.WriteHeader(number(step[1]))
	case "write":
		_, _ = w.Write([]byte(step[1]))
	case "write path":
		_, _ = w.Write(r.Path())
	case "write method":
		_, _ = w.Write([]byte(r.Method()))
	case "write address":
		_, _ = w.Write([]byte(r.SrcIP().String()))
	case "write header":
		_, _ = w.Write([]byte(r.Header().Get(step[1])))
	case "write argument":
		_, _ = w.Write([]byte(strings.Join(r.Args()[step[1]], ",")))
	case "write variable":
		value, err := r.Var(step[1])
		told(err)
		_, _ = w.Write(value)
	case "write body":
		body, err := r.Body()
		told(err)
		_, _ = w.Write(body)
	case "panic":
		panic("as it was told")
	}
}

func (p *Probe) ResponseFilter(conf interface{}, w pkgHTTP.Response) {
	for _, step := range conf.(Steps) {
		switch step[0] {
		case "set header":
			w.Header().Set(step[1], step[2])
		case "delete header":
			w.Header().Del(step[1])
		case "status":
			w.WriteHeader(number(step[1]))
		case "write":
			_, _ = w.Write([]byte(step[1]))
		case "write body":
			body, err := w.ReadBody()
			told(err)
			_, _ = w.Write(body)
		case "write variable":
			value, err := w.Var(step[1])
			told(err)
			_, _ = w.Write(value)
		}
	}
}

func number(text string) int {
	value, err := strconv.Atoi(text)
	told(err)
	return value
}

func told(err error) {
	if err != nil {
		log.Errorf("%s", err)
	}
}

func main() {
	if err := plugin.RegisterPlugin(&Probe{}); err != nil {
		log.Fatalf("%s", err)
	}
	// As its own program has it with "run -m prod".
	runner.Run(runner.RunnerConfig{LogLevel: zapcore.WarnLevel, LogOutput: os.Stdout})
}
