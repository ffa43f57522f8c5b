// Calls a runner over several connections for a time, and tells how many calls it answered and how long they took.
//
//	load SOCKET CONNECTIONS SECONDS CALLS CALL TOLD
//
// CALL and TOLD are files with frames: the call, and the answer to every question. With CALLS above 0 it ends after so many.
package main

import (
	"bufio"
	"encoding/json"
	"io"
	"log"
	"net"
	"os"
	"sort"
	"strconv"
	"sync"
	"sync/atomic"
	"time"
)

const (
	headerLength = 4
	extraInfo    = 3
)

type connection struct {
	net.Conn
	reader *bufio.Reader
}

// receive reads a frame, and gives its kind.
func (c connection) receive() byte {
	var header [headerLength]byte
	must(io.ReadFull(c.reader, header[:]))
	must(c.reader.Discard(int(header[1])<<16 | int(header[2])<<8 | int(header[3])))
	return header[0]
}

// exchange sends a call, answers questions, and gives the kind of its end.
func (c connection) exchange(call, told []byte) byte {
	must(c.Write(call))
	for {
		kind := c.receive()
		if kind != extraInfo {
			return kind
		}
		must(c.Write(told))
	}
}

func open(path string) connection {
	conn, err := net.Dial("unix", path)
	check(err)
	return connection{conn, bufio.NewReader(conn)}
}

func main() {
	path, connections, seconds, calls := os.Args[1], number(os.Args[2]), number(os.Args[3]), int64(number(os.Args[4]))
	call, told := file(os.Args[5]), file(os.Args[6])
	var done atomic.Int64
	var wait sync.WaitGroup
	end := time.Now().Add(time.Duration(seconds) * time.Second)
	latencies := make([][]time.Duration, connections)
	started := time.Now()
	for i := range connections {
		wait.Add(1)
		go func() {
			defer wait.Done()
			conn := open(path)
			for now := time.Now(); ; {
				if calls > 0 && done.Load() >= calls || calls == 0 && now.After(end) {
					break
				}
				kind := conn.exchange(call, told)
				if kind != call[0] {
					log.Fatalf("a call was answered with the kind %d", kind)
				}
				done.Add(1)
				after := time.Now()
				latencies[i] = append(latencies[i], after.Sub(now))
				now = after
			}
		}()
	}
	wait.Wait()
	elapsed := time.Since(started).Seconds()
	all := []time.Duration{}
	for _, some := range latencies {
		all = append(all, some...)
	}
	sort.Slice(all, func(i, j int) bool { return all[i] < all[j] })
	at := func(part float64) float64 { return float64(all[int(float64(len(all)-1)*part)].Nanoseconds()) / 1e6 }
	check(json.NewEncoder(os.Stdout).Encode(map[string]float64{
		"calls": float64(len(all)), "perSecond": float64(len(all)) / elapsed, "p50": at(0.5), "p99": at(0.99),
	}))
}

func number(text string) int {
	value, err := strconv.Atoi(text)
	check(err)
	return value
}

func file(path string) []byte {
	bytes, err := os.ReadFile(path)
	check(err)
	return bytes
}

func must(_ int, err error) {
	check(err)
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
