package main

import (
	"bytes"
	"crypto/rand"
	"fmt"
	"os"
	"os/exec"
	"sort"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// kept holds memory and files that a script said to take.
var kept []any

// commands is the script language: what each command does with the rest of its line.
var commands map[string]func(t *turn, rest string)

func init() {
	commands = map[string]func(t *turn, rest string){
		"say":   (*turn).say,
		"think": func(t *turn, text string) { t.update(textUpdate("agent_thought_chunk", text)) },

		"chunks": (*turn).chunks,
		"stamps": (*turn).stamps,
		"flood":  (*turn).flood,
		"line":   (*turn).line,

		"tool":             (*turn).tool,
		"tool-done":        (*turn).toolDone,
		"tool-update-only": (*turn).toolUpdateOnly,
		"plan":             (*turn).plan,
		"usage":            (*turn).usage,
		"unknown-update": func(t *turn, _ string) {
			t.update(object{"sessionUpdate": "scripted_unknown", "detail": "a kind that nobody knows"})
		},
		"unknown-request": (*turn).unknownRequest,

		"edit":  (*turn).edit,
		"write": (*turn).write,
		"read":  (*turn).read,

		"env": func(t *turn, _ string) {
			environment := os.Environ()
			sort.Strings(environment)
			t.say(strings.Join(environment, "\n"))
		},
		"cwd":     (*turn).cwd,
		"pid":     func(t *turn, _ string) { t.say(strconv.Itoa(os.Getpid())) },
		"ids":     (*turn).ids,
		"history": func(t *turn, _ string) { t.say(orNone(strings.Join(t.before, "\n"))) },
		"session": func(t *turn, _ string) { t.say(t.session.id + " " + t.session.began) },
		"mode":    func(t *turn, _ string) { t.say(orNone(t.session.mode)) },
		"params":  (*turn).params,

		"stderr":     func(_ *turn, text string) { fmt.Fprintln(os.Stderr, text) },
		"junk":       func(t *turn, text string) { t.client.write([]byte(text + "\n")) },
		"junk-bytes": (*turn).junkBytes,

		"sleep":     func(t *turn, rest string) { t.sleep(milliseconds(numbers(rest, 1)[0])) },
		"wait-file": (*turn).waitFile,
		"hang":      func(t *turn, _ string) { t.hang() },
		"exit":      func(_ *turn, rest string) { os.Exit(numbers(rest, 1)[0]) },
		"kill":      (*turn).kill,

		"spawn-child": (*turn).spawnChild,
		"take-memory": (*turn).takeMemory,
		"open-files":  (*turn).openFiles,

		"ignore-cancel":    func(*turn, string) { ignoreCancel.Store(true) },
		"ignore-stdin-end": func(*turn, string) { ignoreStdinEnd.Store(true) },
		"ignore-term":      func(*turn, string) { ignoreTerm.Store(true) },

		"stop": func(_ *turn, reason string) { leave(stop(reason)) },
		"fail": func(_ *turn, rest string) {
			code, message, _ := strings.Cut(rest, " ")
			leave(failure{numbers(code, 1)[0], message})
		},
	}
}

// numbers reads so many whole numbers; those that are not there are 0, except for the first.
func numbers(rest string, count int) []int {
	words := strings.Fields(rest)
	if len(words) == 0 || len(words) > count {
		leave(errUsage)
	}
	numbers := make([]int, count)
	for i, word := range words {
		number, err := strconv.Atoi(word)
		if err != nil {
			leave(errUsage)
		}
		numbers[i] = number
	}
	return numbers
}

func milliseconds(count int) time.Duration { return time.Duration(count) * time.Millisecond }

func orNone(text string) string {
	if text == "" {
		return "none"
	}
	return text
}

func (t *turn) chunks(rest string) {
	all := numbers(rest, 3)
	count, size, interval := all[0], all[1], all[2]
	t.sendChunks(count, milliseconds(interval), func(text []byte, i int) []byte {
		begin := len(text)
		text = strconv.AppendInt(text, int64(i), 10)
		for len(text)-begin < size-1 {
			text = append(text, '.')
		}
		return append(text, ' ')
	})
}

func (t *turn) stamps(rest string) {
	all := numbers(rest, 2)
	t.sendChunks(all[0], milliseconds(all[1]), func(text []byte, _ int) []byte {
		return append(strconv.AppendInt(text, time.Now().UnixMicro(), 10), ' ')
	})
}

func (t *turn) flood(rest string) {
	size := numbers(rest, 1)[0]
	t.sendChunks(size/8192, 0, filler(8192))
	t.sendChunks(1, 0, filler(size%8192))
}

func (t *turn) line(rest string) {
	before, after := t.chunkLine()
	t.sendChunks(1, 0, filler(numbers(rest, 1)[0]-len(before)-len(after)+1))
}

func filler(size int) func([]byte, int) []byte {
	return func(text []byte, _ int) []byte {
		for i := 0; i < size; i++ {
			text = append(text, 'x')
		}
		return text
	}
}

func (t *turn) tool(rest string) {
	words := strings.SplitN(rest, " ", 3)
	if len(words) < 3 {
		leave(errUsage)
	}
	t.update(object{"sessionUpdate": "tool_call", "toolCallId": words[0], "kind": words[1], "title": words[2], "status": "in_progress"})
}

func (t *turn) toolDone(rest string) {
	id, text, hasText := strings.Cut(rest, " ")
	update := object{"sessionUpdate": "tool_call_update", "toolCallId": id, "status": "completed"}
	if hasText {
		update["content"] = []object{{"type": "content", "content": object{"type": "text", "text": text}}}
	}
	t.update(update)
}

func (t *turn) toolUpdateOnly(id string) {
	t.update(object{"sessionUpdate": "tool_call_update", "toolCallId": id, "title": "Never announced", "kind": "read", "status": "completed"})
}

func (t *turn) plan(rest string) {
	var entries []object
	for _, step := range strings.Split(rest, ";") {
		entries = append(entries, object{"content": strings.TrimSpace(step), "priority": "medium", "status": "pending"})
	}
	t.update(object{"sessionUpdate": "plan", "entries": entries})
}

func (t *turn) usage(rest string) {
	var used, size int
	var cost float64
	if count, _ := fmt.Sscanf(rest, "%d %d %g", &used, &size, &cost); count < 3 {
		leave(errUsage)
	}
	t.update(object{"sessionUpdate": "usage_update", "used": used, "size": size, "cost": object{"amount": cost, "currency": "USD"}})
}

func (t *turn) unknownRequest(string) {
	answer := t.request("scripted/unknown", object{"sessionId": t.session.id})
	if refusal, is := answer["error"].(object); is {
		t.say(fmt.Sprint(refusal["code"]))
	} else {
		t.say("none")
	}
}

func (t *turn) edit(rest string) {
	path, text, _ := strings.Cut(rest, " ")
	full := t.resolve(path)
	t.edits++
	var old any
	if content, err := os.ReadFile(full); err == nil {
		old = string(content)
	}
	call := func() object {
		return object{"toolCallId": fmt.Sprintf("edit-%d", t.edits), "title": "Edit " + path, "kind": "edit", "status": "pending",
			"locations": []object{{"path": full}},
			"content":   []object{{"type": "diff", "path": full, "oldText": old, "newText": text}}}
	}
	announced := call()
	announced["sessionUpdate"] = "tool_call"
	t.update(announced)

	status := "failed"
	defer func() {
		t.update(object{"sessionUpdate": "tool_call_update", "toolCallId": announced["toolCallId"], "status": status})
	}()
	if t.isAllowed(call()) && os.WriteFile(full, []byte(text), 0o644) == nil {
		status = "completed"
	}
}

func (t *turn) write(rest string) {
	path, text, _ := strings.Cut(rest, " ")
	if os.WriteFile(t.resolve(path), []byte(text), 0o644) != nil {
		t.say("cannot write " + path)
	}
}

func (t *turn) read(path string) {
	content, err := os.ReadFile(t.resolve(path))
	if err != nil {
		content = []byte("cannot read " + path)
	}
	t.say(string(content))
}

func (t *turn) cwd(string) {
	directory, _ := os.Readlink("/proc/self/cwd") // os.Getwd would believe PWD
	t.say(directory)
}

func (t *turn) ids(string) {
	session, _, _ := syscall.RawSyscall(syscall.SYS_GETSID, 0, 0, 0)
	t.say(fmt.Sprint(os.Getpid(), syscall.Getpgrp(), int(session)))
}

func (t *turn) params(string) {
	t.say(strings.TrimSpace(string(encode(object{"initialize": t.initialized, "session": t.session.params}))))
}

func (t *turn) junkBytes(rest string) {
	junk := make([]byte, numbers(rest, 1)[0])
	rand.Read(junk)
	junk = bytes.ReplaceAll(junk, []byte("\n"), []byte{0})
	junk[0] = 0xff
	t.client.write(append(junk, '\n'))
}

func (t *turn) waitFile(path string) {
	for {
		if _, err := os.Stat(t.resolve(path)); err == nil {
			return
		}
		t.sleep(milliseconds(2))
	}
}

func (t *turn) kill(rest string) {
	number, known := signals[rest]
	if !known {
		number = syscall.Signal(numbers(rest, 1)[0])
	}
	syscall.Kill(os.Getpid(), number)
	t.hang()
}

func (t *turn) takeMemory(rest string) {
	amounts := numbers(rest, 2)
	take := func() { kept = append(kept, bytes.Repeat([]byte("x"), amounts[0])) }
	if amounts[1] > 0 {
		time.AfterFunc(milliseconds(amounts[1]), take)
	} else {
		take()
	}
}

func (t *turn) openFiles(rest string) {
	count := 0
	for ; count < numbers(rest, 1)[0]; count++ {
		file, err := os.Open("/dev/null")
		if err != nil {
			break
		}
		kept = append(kept, file)
	}
	t.say(strconv.Itoa(count))
}

func (t *turn) spawnChild(rest string) {
	seconds, how, _ := strings.Cut(rest, " ")
	child := exec.Command("sleep", seconds)
	child.Stdout, child.Stderr = os.Stdout, os.Stderr
	child.SysProcAttr = &syscall.SysProcAttr{Setsid: how == "detached"}
	if err := child.Start(); err != nil {
		leave(failure{-32603, err.Error()})
	}
	go child.Wait()
	t.say(strconv.Itoa(child.Process.Pid))
}
