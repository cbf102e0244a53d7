package bench

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"slices"
	"strconv"

	"tongxin/internal/base/id"
)

// wire is one client's connection, kept open. It knows as much of HTTP/1.1 as the product's
// answers need, so that measuring costs little of what is measured.
type wire struct {
	conn net.Conn
	in   *bufio.Reader
	out  []byte // the last request, to be sent again
	body []byte // of the last answer
}

func dial(addr string) (*wire, error) {
	c, err := net.Dial("tcp", addr)
	if err != nil {
		return nil, err
	}
	return &wire{conn: c, in: bufio.NewReaderSize(c, 4096)}, nil
}

// signUp makes the request of a sign-up, named by the client's number of it.
func (w *wire) signUp(shift id.ID, who person, client, n int) {
	b := append(w.out[:0], "POST /api/v1/shifts/"...)
	b = append(b, shift...)
	b = append(b, "/signups HTTP/1.1\r\nHost: bench\r\nContent-Length: 0\r\nCookie: session="...)
	b = append(b, who.secret...)
	b = append(b, "\r\nIdempotency-Key: "...)
	b = strconv.AppendInt(b, int64(client), 10)
	b = append(b, '-')
	b = strconv.AppendInt(b, int64(n), 10)
	w.out = append(b, "\r\n\r\n"...)
}

// checkIn makes the request of an arrival by the code that the desk shows.
func (w *wire) checkIn(shift id.ID, who person, code string) {
	const body = `{"code":"000000"}`
	b := append(w.out[:0], "POST /api/v1/shifts/"...)
	b = append(b, shift...)
	b = append(b, "/checkins HTTP/1.1\r\nHost: bench\r\nContent-Type: application/json\r\nContent-Length: 17\r\nCookie: session="...)
	b = append(b, who.secret...)
	b = append(b, "\r\n\r\n"+body[:9]...)
	b = append(b, code...)
	w.out = append(b, body[15:]...)
}

// reply is what matters of an answer.
type reply struct {
	status   int
	replayed bool
	full     bool // refused because the shift is full
}

var (
	lengthIs   = []byte("Content-Length: ")
	chunkedIs  = []byte("Transfer-Encoding: chunked")
	replayedIs = []byte("Idempotency-Replayed: true")
	fullIs     = []byte(`"code":"roster.full"`)
)

// roundTrip sends the request and reads the answer.
func (w *wire) roundTrip() (r reply, err error) {
	if _, err := w.conn.Write(w.out); err != nil {
		return r, err
	}
	line, err := w.in.ReadSlice('\n')
	if err != nil {
		return r, err
	}
	if len(line) < 12 {
		return r, fmt.Errorf("not HTTP: %q", line)
	}
	if r.status, err = strconv.Atoi(string(line[9:12])); err != nil {
		return r, err
	}
	length, chunked := -1, false
	for {
		if line, err = w.in.ReadSlice('\n'); err != nil {
			return r, err
		}
		line = bytes.TrimRight(line, "\r\n")
		switch {
		case len(line) == 0:
			if chunked {
				return r, w.readChunks()
			}
			return r, w.read(&r, length)
		case bytes.HasPrefix(line, lengthIs):
			if length, err = strconv.Atoi(string(line[len(lengthIs):])); err != nil {
				return r, err
			}
		case bytes.Equal(line, chunkedIs):
			chunked = true
		case bytes.Equal(line, replayedIs):
			r.replayed = true
		}
	}
}

var errNoLength = errors.New("an answer without a length")

func (w *wire) read(r *reply, length int) error {
	if length < 0 {
		return errNoLength
	}
	if cap(w.body) < length {
		w.body = make([]byte, length)
	}
	w.body = w.body[:length]
	_, err := io.ReadFull(w.in, w.body)
	r.full = r.status == 409 && bytes.Contains(w.body, fullIs)
	return err
}

// readChunks reads a body that comes in pieces.
func (w *wire) readChunks() error {
	w.body = w.body[:0]
	for {
		line, err := w.in.ReadSlice('\n')
		if err != nil {
			return err
		}
		size, err := strconv.ParseUint(string(bytes.TrimRight(line, "\r\n")), 16, 31)
		if err != nil {
			return err
		}
		had := len(w.body)
		w.body = slices.Grow(w.body, int(size))[:had+int(size)]
		if _, err := io.ReadFull(w.in, w.body[had:]); err != nil {
			return err
		}
		if _, err := w.in.Discard(len("\r\n")); err != nil || size == 0 {
			return err
		}
	}
}
