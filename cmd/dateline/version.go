package main

import (
	"fmt"
	"runtime/debug"
)

// version is the release; a build from a clone adds its commit.
const version = "0.1.0"

type versionCommand struct {
	JSON bool `help:"Print JSON."`
}

// Help gives the example.
func (versionCommand) Help() string { return "Example:\n  dateline version" }

// Run prints the version and, where it is known, the commit it was built from.
func (c versionCommand) Run(s streams) error {
	commit, platform := built()
	if c.JSON {
		return printJSON(s.out, map[string]string{"version": version, "commit": commit, "go": platform})
	}
	line := "dateline " + version
	if commit != "" {
		line += " (" + commit + ")"
	}
	_, err := fmt.Fprintf(s.out, "%s, %s\n", line, platform)
	return err
}

func built() (commit, platform string) {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "", ""
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" && len(s.Value) >= 12 {
			commit = s.Value[:12]
		}
	}
	return commit, info.GoVersion
}
