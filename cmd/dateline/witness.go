package main

import (
	"context"
	"fmt"
	"os"
	"time"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/desk"
	"github.com/datelinehq/dateline/fetch"
)

type witnessCommand struct {
	Add    witnessAddCommand    `cmd:"" help:"Name a witness."`
	Remove witnessRemoveCommand `cmd:"" help:"Ask a witness no more; what it signed stays."`
	List   witnessListCommand   `cmd:"" help:"List the witnesses."`
	Ask    witnessAskCommand    `cmd:"" help:"Ask every witness now, and say what came of it."`
}

type witnessAddCommand struct {
	inFolder
	Key     string `arg:"" help:"The witness's verifier key (C2SP tlog-cosignature, Ed25519)."`
	Address string `arg:"" optional:"" help:"Where it is asked (C2SP tlog-witness), without /add-checkpoint; without one, what it signs is brought by hand."`
}

// Help gives the example.
func (witnessAddCommand) Help() string {
	return `A witness is somebody outside the paper who keeps the size and root of its record and signs, with the time, that it only ever
grew. Readers who know the witness's key can then be told since when an edition was there. Give the witness the key at
/record/key of the site. It is asked after each act, and every hour.

Example:
  dateline record witness add "witness.example+1a2b3c4d+BA…" https://witness.example/paper --dir paper`
}

// Run names a witness.
func (c witnessAddCommand) Run(ctx context.Context, s streams) error {
	w := desk.Witness{Key: c.Key, Address: c.Address}
	return changeWitness(ctx, s, c.inFolder, "witness-add", w, w.Name()+" is asked to witness the record.")
}

func changeWitness(ctx context.Context, s streams, f inFolder, name string, w desk.Witness, said string) error {
	var list []desk.Witness
	if err := perform(ctx, f.Dir, name, w, &list, newProgress(s.err).tell); err != nil {
		return err
	}
	if f.JSON {
		return printJSON(s.out, list)
	}
	_, err := fmt.Fprintln(s.out, said)
	return err
}

type witnessRemoveCommand struct {
	inFolder
	Key string `arg:"" help:"The witness's verifier key."`
}

// Help gives the example.
func (witnessRemoveCommand) Help() string {
	return "Example:\n  dateline record witness remove \"witness.example+1a2b3c4d+BA…\" --dir paper"
}

// Run asks a witness no more.
func (c witnessRemoveCommand) Run(ctx context.Context, s streams) error {
	w := desk.Witness{Key: c.Key}
	return changeWitness(ctx, s, c.inFolder, "witness-remove", w, w.Name()+" is asked no more.")
}

type witnessListCommand struct {
	inFolder
}

// Help gives the example.
func (witnessListCommand) Help() string {
	return "Example:\n  dateline record witness list --dir paper"
}

// Run lists the witnesses.
func (c witnessListCommand) Run(ctx context.Context, s streams) error {
	var list []desk.Witness
	if err := perform(ctx, c.Dir, "witness-list", struct{}{}, &list, newProgress(s.err).tell); err != nil {
		return err
	}
	if c.JSON {
		return printJSON(s.out, list)
	}
	for _, w := range list {
		at := w.Address
		if at == "" {
			at = "by hand"
		}
		fmt.Fprintf(s.out, "%s  %s\n", w.Key, at)
	}
	return nil
}

type witnessAskCommand struct {
	inFolder
}

// Help gives the example.
func (witnessAskCommand) Help() string { return "Example:\n  dateline record witness ask --dir paper" }

// Run asks every witness and says what came of it.
func (c witnessAskCommand) Run(ctx context.Context, s streams) error {
	var list []desk.WitnessAnswer
	if err := perform(ctx, c.Dir, "witness-ask", struct{}{}, &list, newProgress(s.err).tell); err != nil {
		return err
	}
	if c.JSON {
		return printJSON(s.out, list)
	}
	if len(list) == 0 {
		fmt.Fprintln(s.out, "The newsroom knows no witness; `dateline record witness add --help` says how one is named.")
	}
	for _, a := range list {
		if a.Size > 0 {
			fmt.Fprintf(s.out, "%s has cosigned %d entries, at %s by its clock.\n", a.Witness, a.Size, a.At.UTC().Format(time.RFC3339))
		}
		if a.Wrong != "" {
			fmt.Fprintf(s.out, "%s does not sign the newest: %s\n", a.Witness, a.Wrong)
		}
	}
	return nil
}

type cosignCommand struct {
	inFolder
	File string `arg:"" help:"The file, a signed note (C2SP signed-note) with the witness's line under the checkpoint."`
}

// Help gives the example.
func (cosignCommand) Help() string {
	return `For a witness who is not asked over the network: give them what stands at /record/checkpoint of the site, and take in what they
give back. The witness must be named first (dateline record witness add).

Example:
  dateline record cosign checkpoint.txt --dir paper`
}

// cosigned is what record cosign prints with --json.
type cosigned struct {
	Witnesses []string `json:"witnesses"` // name and hash of the key
}

// Run takes a cosigned checkpoint in.
func (c cosignCommand) Run(ctx context.Context, s streams) error {
	note, err := os.ReadFile(c.File)
	if err != nil {
		return dateline.Errorf(dateline.EInvalid, "%v", err)
	}
	var done cosigned
	if err := perform(ctx, c.Dir, "record-cosign", note, &done, newProgress(s.err).tell); err != nil {
		return err
	}
	if c.JSON {
		return printJSON(s.out, done)
	}
	for _, w := range done.Witnesses {
		fmt.Fprintf(s.out, "The cosignature of %s is taken in and given to readers.\n", w)
	}
	return nil
}

func addWitness(ctx context.Context, r *room, w desk.Witness, _ tell) ([]desk.Witness, error) {
	if err := r.desk.AddWitness(ctx, local, w); err != nil {
		return nil, err
	}
	return r.desk.ListWitnesses(ctx)
}

func removeWitness(ctx context.Context, r *room, w desk.Witness, _ tell) ([]desk.Witness, error) {
	if err := r.desk.RemoveWitness(ctx, local, w.Key); err != nil {
		return nil, err
	}
	return r.desk.ListWitnesses(ctx)
}

func listWitnesses(ctx context.Context, r *room, _ struct{}, _ tell) ([]desk.Witness, error) {
	return r.desk.ListWitnesses(ctx)
}

func askWitnesses(ctx context.Context, r *room, _ struct{}, _ tell) ([]desk.WitnessAnswer, error) {
	return r.desk.AskWitnesses(ctx)
}

func cosignRecord(ctx context.Context, r *room, note []byte, _ tell) (cosigned, error) {
	added, err := r.desk.Cosign(ctx, local, note)
	return cosigned{added}, err
}

// witnessAsker asks witnesses, whose addresses whoever keeps the newsroom has typed.
type witnessAsker struct{}

var _ desk.Asker = witnessAsker{}

// Do asks one question.
func (witnessAsker) Do(ctx context.Context, q fetch.Question) (fetch.Response, error) {
	client, err := fetch.New(fetch.Config{UserAgent: "Dateline/" + version, Allow: own(q.URL)})
	if err != nil {
		return fetch.Response{}, err
	}
	defer client.Close()
	return client.Do(ctx, q)
}
