package main

import (
	"bytes"
	"context"
	"errors"
	"path/filepath"
	"strings"
	"time"
)

// turn is one prompt. Its script runs line by line on a goroutine of its own, so that a cancellation can be read meanwhile.
type turn struct {
	*agent
	session *session
	before  []string
	script  string
	edits   int
	ctx     context.Context
	cancel  context.CancelFunc
}

// stop ends a turn with this stop reason.
type stop string

func (s stop) Error() string { return string(s) }

// errUsage says that a command has wrong arguments.
var errUsage = errors.New("wrong arguments")

// left is the panic by which a command leaves its script, as testing.T.FailNow leaves a test.
type left struct{ reason error }

func leave(reason error) { panic(left{reason}) }

func newTurn(a *agent, s *session, prompt []any) (*turn, error) {
	t := &turn{agent: a, session: s}
	last := -1
	for i, block := range prompt {
		if block.(object)["type"] == "text" {
			last = i
		}
	}
	if last < 0 {
		return nil, failure{-32602, "no text in the prompt"}
	}
	for _, block := range prompt[:last] {
		t.before = append(t.before, textOf(block.(object)))
	}
	t.script = textOf(prompt[last].(object))
	t.ctx, t.cancel = context.WithCancel(context.Background())
	return t, nil
}

func textOf(block object) string {
	if resource, is := block["resource"].(object); is {
		block = resource
	}
	if text, is := block["text"].(string); is {
		return text
	}
	uri, _ := block["uri"].(string)
	return uri
}

// run runs the script to its end and returns the stop reason.
func (t *turn) run() (string, error) {
	defer t.cancel()
	if keepsSessions {
		t.session.updates = append(t.session.updates, textUpdate("user_message_chunk", t.script))
		defer t.session.save()
	}
	for _, line := range strings.Split(t.script, "\n") {
		err := t.ctx.Err()
		if err == nil && strings.TrimSpace(line) != "" {
			err = t.runLine(line)
		}
		var reason stop
		switch {
		case err == nil:
			continue
		case errors.Is(err, context.Canceled):
			return "cancelled", nil
		case errors.As(err, &reason):
			return string(reason), nil
		}
		return "", err
	}
	if t.ctx.Err() != nil {
		return "cancelled", nil
	}
	return "end_turn", nil
}

// runLine runs one command and returns why it left the script, if it did.
func (t *turn) runLine(line string) (err error) {
	defer func() {
		switch thrown := recover().(type) {
		case nil:
		case left:
			err = thrown.reason
			if err == errUsage {
				err = failure{-32602, "cannot understand: " + line}
			}
		default:
			panic(thrown)
		}
	}()
	name, rest, _ := strings.Cut(line, " ")
	if command, known := commands[name]; known {
		command(t, strings.ReplaceAll(rest, `\n`, "\n"))
	} else {
		t.say("echo: " + line)
	}
	return nil
}

// sleep returns when the time is over; a cancelled turn leaves at once.
func (t *turn) sleep(duration time.Duration) {
	timer := time.NewTimer(duration)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-t.ctx.Done():
		leave(t.ctx.Err())
	}
}

func (t *turn) hang() {
	<-t.ctx.Done()
	leave(t.ctx.Err())
}

func textUpdate(kind, text string) object {
	return object{"sessionUpdate": kind, "content": object{"type": "text", "text": text}}
}

func (t *turn) envelope(update object) object {
	return object{"jsonrpc": "2.0", "method": "session/update", "params": object{"sessionId": t.session.id, "update": update}}
}

func (t *turn) update(update object) {
	if keepsSessions {
		t.session.updates = append(t.session.updates, update)
	}
	t.client.send(t.envelope(update))
}

func (t *turn) say(text string) { t.update(textUpdate("agent_message_chunk", text)) }

func (t *turn) resolve(path string) string {
	if cwd, _ := t.session.params["cwd"].(string); !filepath.IsAbs(path) {
		return filepath.Join(cwd, path)
	}
	return path
}

// chunkLine is what stands before and after the text in a message chunk's line, so that many can be made quickly.
func (t *turn) chunkLine() (before, after []byte) {
	before, after, _ = bytes.Cut(encode(t.envelope(textUpdate("agent_message_chunk", "|"))), []byte("|"))
	return before, after
}

func (t *turn) sendChunks(count int, interval time.Duration, appendText func(text []byte, i int) []byte) {
	const batch = 64 * 1024 // bytes that are written at once
	before, after := t.chunkLine()
	lines := make([]byte, 0, batch+16*1024)
	for i := 1; i <= count; i++ {
		lines = append(appendText(append(lines, before...), i), after...)
		if interval > 0 || len(lines) > batch {
			t.client.write(lines)
			lines = lines[:0]
			t.sleep(interval)
		}
	}
	t.client.write(lines)
}

// request asks the client and returns its whole answer, a result or an error.
func (t *turn) request(method string, params object) object {
	select {
	case answer := <-t.client.request(method, params):
		return answer
	case <-t.ctx.Done():
		leave(t.ctx.Err())
		return nil
	}
}

// isAllowed asks for the permission to make a tool call.
func (t *turn) isAllowed(call object) bool {
	answer := t.request("session/request_permission", object{"sessionId": t.session.id, "toolCall": call, "options": permissions})
	result, _ := answer["result"].(object)
	outcome, _ := result["outcome"].(object)
	if outcome["outcome"] == "cancelled" {
		leave(context.Canceled)
	}
	return outcome["optionId"] == permissions[0]["optionId"] || outcome["optionId"] == permissions[1]["optionId"]
}
