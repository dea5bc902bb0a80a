//go:build !race

package main

// raceDetector says that tests run under the race detector, which makes SQLite some eight times slower.
const raceDetector = false
