module opagent/scripted

go 1.19
