package main

import (
	"context"
	"errors"
	"log/slog"
	"testing"
	"testing/synctest"
	"time"
)

// TestFollowerIsTriedAgain: a site that cannot take the record in, because its disk is full, goes on when it can.
func TestFollowerIsTriedAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		began := time.Now()
		var tries []time.Duration
		err := again(ctx, slog.New(slog.DiscardHandler), func(ctx context.Context) error {
			tries = append(tries, time.Since(began))
			if len(tries) < 9 {
				return errors.New("no space left on device")
			}
			cancel() // it follows now, until the program ends
			return ctx.Err()
		})
		if err != nil {
			t.Errorf("it ends the program: %v", err)
		}
		if len(tries) != 9 || tries[1] != time.Second || tries[8]-tries[7] != 30*time.Second {
			t.Errorf("tried after %v", tries)
		}
	})
}
