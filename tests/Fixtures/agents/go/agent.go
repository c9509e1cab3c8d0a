// A scripted agent: the Agent Client Protocol by hand. ../README.md describes its script language and arguments.
package main

import (
	"bufio"
	"bytes"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"strconv"
	"sync"
	"sync/atomic"
	"syscall"
)

// object is any JSON object.
type object = map[string]any

// failure answers a request with this JSON-RPC error.
type failure struct {
	code    int
	message string
}

func (f failure) Error() string { return f.message }

var (
	modes = []object{{"id": "default", "name": "Default"}, {"id": "auto", "name": "Auto"}}

	permissions = []object{
		{"optionId": "go-ok", "name": "Allow", "kind": "allow_once"},
		{"optionId": "go-ok-always", "name": "Always allow", "kind": "allow_always"},
		{"optionId": "go-stop", "name": "Reject", "kind": "reject_once"},
		{"optionId": "go-stop-always", "name": "Always reject", "kind": "reject_always"},
	}

	signals = map[string]syscall.Signal{"HUP": syscall.SIGHUP, "INT": syscall.SIGINT, "KILL": syscall.SIGKILL,
		"SEGV": syscall.SIGSEGV, "STOP": syscall.SIGSTOP, "TERM": syscall.SIGTERM, "USR1": syscall.SIGUSR1}

	// What a script said to ignore.
	ignoreCancel, ignoreStdinEnd, ignoreTerm atomic.Bool
)

func has(argument string) bool {
	for _, given := range os.Args[1:] {
		if given == argument {
			return true
		}
	}
	return false
}

var keepsSessions = has("--load") || has("--resume")

func encode(message any) []byte {
	var line bytes.Buffer
	encoder := json.NewEncoder(&line)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(message); err != nil {
		panic(err)
	}
	return line.Bytes()
}

// client is the other end of stdio.
type client struct {
	writing sync.Mutex
	out     *bufio.Writer
	waiting sync.Map // our own requests: a channel of object by id
	lastID  atomic.Int64
}

func (c *client) write(data []byte) {
	c.writing.Lock()
	defer c.writing.Unlock()
	c.out.Write(data)
	c.out.Flush()
}

func (c *client) send(message object) {
	message["jsonrpc"] = "2.0"
	c.write(encode(message))
}

// request asks the client; its whole answer, a result or an error, arrives on the channel.
func (c *client) request(method string, params object) <-chan object {
	id, answer := c.lastID.Add(1), make(chan object, 1)
	c.waiting.Store(float64(id), answer)
	c.send(object{"id": id, "method": method, "params": params})
	return answer
}

func (c *client) answered(message object) {
	if answer, found := c.waiting.LoadAndDelete(message["id"]); found {
		answer.(chan object) <- message
	}
}

type session struct {
	id, began, mode string
	params          object
	updates         []object
	turn            atomic.Pointer[turn]
}

func (s *session) path() string { return filepath.Join(os.Getenv("HOME"), "sessions", s.id+".json") }

func (s *session) save() {
	os.MkdirAll(filepath.Dir(s.path()), 0o755)
	os.WriteFile(s.path()+".new", encode(s.updates), 0o644)
	os.Rename(s.path()+".new", s.path())
}

type agent struct {
	client      *client
	sessions    map[string]*session
	initialized object
}

// The protocol's methods. Only prompts go on while further messages are read; they return a function.
var methods = map[string]func(a *agent, params object) (any, error){
	"initialize": func(a *agent, params object) (any, error) {
		if has("--fail-initialize") {
			return nil, failure{-32603, "refuses to initialize, as told"}
		}
		a.initialized = params
		resume := object{}
		if has("--resume") {
			resume["resume"] = object{}
		}
		return object{"protocolVersion": 1, "authMethods": []any{}, "agentInfo": object{"name": "scripted-go", "version": "1.0.0"},
			"agentCapabilities": object{"loadSession": has("--load"), "promptCapabilities": object{"embeddedContext": true},
				"sessionCapabilities": resume}}, nil
	},
	"session/new": func(a *agent, params object) (any, error) {
		id := make([]byte, 8)
		rand.Read(id)
		s := &session{id: hex.EncodeToString(id), began: "new", params: params, updates: []object{}}
		if keepsSessions {
			s.save()
		}
		opened := a.open(s)
		opened["sessionId"] = s.id
		return opened, nil
	},
	"session/load": func(a *agent, params object) (any, error) {
		s, err := restore(params, "load")
		if err != nil {
			return nil, err
		}
		for _, update := range s.updates {
			a.client.send(object{"method": "session/update", "params": object{"sessionId": s.id, "update": update}})
		}
		return a.open(s), nil
	},
	"session/resume": func(a *agent, params object) (any, error) {
		s, err := restore(params, "resume")
		if err != nil {
			return nil, err
		}
		return a.open(s), nil
	},
	"session/set_mode": func(a *agent, params object) (any, error) {
		_, err := a.choose(params, "--modes", params["modeId"])
		return object{}, err
	},
	"session/set_config_option": func(a *agent, params object) (any, error) {
		s, err := a.choose(params, "--config-mode", params["value"])
		if err != nil {
			return nil, err
		}
		return configOf(s), nil
	},
	"session/prompt": func(a *agent, params object) (any, error) {
		s, err := a.sessionOf(params)
		if err != nil {
			return nil, err
		}
		if s.turn.Load() != nil {
			return nil, failure{-32600, "a turn is running"}
		}
		prompt, _ := params["prompt"].([]any)
		t, err := newTurn(a, s, prompt)
		if err != nil {
			return nil, err
		}
		s.turn.Store(t)
		return func() (any, error) {
			defer s.turn.Store(nil)
			reason, err := t.run()
			return object{"stopReason": reason}, err
		}, nil
	},
	"session/cancel": func(a *agent, params object) (any, error) {
		s, err := a.sessionOf(params)
		if err == nil && !ignoreCancel.Load() {
			if t := s.turn.Load(); t != nil {
				t.cancel()
			}
		}
		return object{}, err
	},
}

func restore(params object, began string) (*session, error) {
	if !has("--" + began) {
		return nil, failure{-32601, "unknown method session/" + began}
	}
	id, _ := params["sessionId"].(string)
	s := &session{id: id, began: began, params: params}
	saved, err := os.ReadFile(s.path())
	if err != nil {
		return nil, failure{-32002, "no session " + id}
	}
	return s, json.Unmarshal(saved, &s.updates)
}

func (a *agent) open(s *session) object {
	a.sessions[s.id] = s
	switch {
	case has("--modes"):
		s.mode = "auto"
		return object{"modes": object{"currentModeId": s.mode, "availableModes": modes}}
	case has("--config-mode"):
		s.mode = "auto"
		return configOf(s)
	}
	return object{}
}

func configOf(s *session) object {
	var options []object
	for _, mode := range modes {
		options = append(options, object{"value": mode["id"], "name": mode["name"]})
	}
	return object{"configOptions": []object{{"id": "mode", "name": "Mode", "category": "mode", "type": "select",
		"currentValue": s.mode, "options": options}}}
}

func (a *agent) choose(params object, needed string, mode any) (*session, error) {
	config, isConfig := params["configId"]
	if !has(needed) || mode != "default" && mode != "auto" || isConfig && config != "mode" {
		return nil, failure{-32602, fmt.Sprintf("no mode %v here", mode)}
	}
	s, err := a.sessionOf(params)
	if err == nil {
		s.mode = mode.(string)
	}
	return s, err
}

func (a *agent) sessionOf(params object) (*session, error) {
	id, _ := params["sessionId"].(string)
	if s, found := a.sessions[id]; found {
		return s, nil
	}
	return nil, failure{-32002, "no session " + id}
}

func (a *agent) receive(line []byte) {
	var message object
	if json.Unmarshal(line, &message) != nil {
		a.client.send(object{"id": nil, "error": object{"code": -32700, "message": "not JSON"}})
		return
	}
	method, isCall := message["method"].(string)
	if !isCall {
		a.client.answered(message)
		return
	}
	params, _ := message["params"].(object)
	handler, known := methods[method]
	if !known {
		a.reply(message, nil, failure{-32601, "unknown method " + method})
		return
	}
	result, err := handler(a, params)
	if prompt, goesOn := result.(func() (any, error)); goesOn {
		go func() {
			result, err := prompt()
			a.reply(message, result, err)
		}()
		return
	}
	a.reply(message, result, err)
}

func (a *agent) reply(message object, result any, err error) {
	id, isRequest := message["id"]
	if !isRequest {
		return
	}
	var refusal failure
	switch {
	case err == nil:
		a.client.send(object{"id": id, "result": result})
	case errors.As(err, &refusal):
		a.client.send(object{"id": id, "error": object{"code": refusal.code, "message": refusal.message}})
	default:
		a.client.send(object{"id": id, "error": object{"code": -32603, "message": err.Error()}})
	}
}

// handleTerm lets SIGTERM end the process as usual, until a script says otherwise. (A signal that is ignored in the kernel's sense would stay so in children.)
func handleTerm() {
	arrived := make(chan os.Signal, 1)
	signal.Notify(arrived, syscall.SIGTERM)
	for range arrived {
		if !ignoreTerm.Load() {
			signal.Reset(syscall.SIGTERM)
			syscall.Kill(os.Getpid(), syscall.SIGTERM)
		}
	}
}

func main() {
	for i, argument := range os.Args {
		if argument == "--exit-at-start" && i+1 < len(os.Args) {
			fmt.Fprintf(os.Stderr, "exits with %s, as told\n", os.Args[i+1])
			code, _ := strconv.Atoi(os.Args[i+1])
			os.Exit(code)
		}
	}
	go handleTerm()
	a := &agent{client: &client{out: bufio.NewWriterSize(os.Stdout, 1<<16)}, sessions: map[string]*session{}}
	if has("--junk-at-start") {
		a.client.write([]byte("Warning: this line is not JSON\n"))
	}
	in := bufio.NewReaderSize(os.Stdin, 1<<16)
	for {
		line, err := in.ReadBytes('\n')
		if err != nil {
			break
		}
		if !has("--hang-at-start") {
			a.receive(line)
		}
	}
	if ignoreStdinEnd.Load() {
		select {}
	}
}
