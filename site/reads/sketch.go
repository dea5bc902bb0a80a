// Package reads counts how many read each article, hour by hour, without knowing who: a reader is a hash of address and
// browser under a salt that is drawn anew every day and kept nowhere but in memory. What is kept of the hashes is a
// HyperLogLog sketch per article and hour, from which nobody can be told.
package reads

import (
	"math"
	"math/bits"
)

// precision is the number of bits of a hash that choose a register: 1,024 registers of one byte err by 3 in a hundred.
const precision = 10

// few is how many different hashes a sketch keeps as they are before it takes registers.
const few = 16

// sketch estimates how many different hashes it was given (Flajolet, Fusy, Gandouet, Meunier: HyperLogLog, 2007).
type sketch struct {
	first     [few]uint64
	n         int
	registers *[1 << precision]uint8 // nil while there are few
}

// add takes a hash in.
func (s *sketch) add(hash uint64) {
	if s.registers != nil {
		s.register(hash)
		return
	}
	for _, h := range s.first[:s.n] {
		if h == hash {
			return
		}
	}
	if s.n < few {
		s.first[s.n] = hash
		s.n++
		return
	}
	s.dense()
	s.register(hash)
}

// dense puts the few hashes into registers and forgets them.
func (s *sketch) dense() {
	if s.registers != nil {
		return
	}
	s.registers = new([1 << precision]uint8)
	for _, h := range s.first[:s.n] {
		s.register(h)
	}
	s.first, s.n = [few]uint64{}, 0
}

func (s *sketch) register(hash uint64) {
	rank := uint8(bits.LeadingZeros64(hash<<precision|1<<(precision-1)) + 1)
	if r := &s.registers[hash>>(64-precision)]; rank > *r {
		*r = rank
	}
}

// merge takes in all that another sketch was given.
func (s *sketch) merge(o *sketch) {
	if o.registers == nil {
		for _, h := range o.first[:o.n] {
			s.add(h)
		}
		return
	}
	s.dense()
	for i, r := range o.registers {
		s.registers[i] = max(s.registers[i], r)
	}
}

// count estimates how many different hashes there were; it is exact while there are few.
func (s *sketch) count() int {
	if s.registers == nil {
		return s.n
	}
	const m = 1 << precision
	sum, empty := 0.0, 0
	for _, r := range s.registers {
		sum += math.Ldexp(1, -int(r))
		if r == 0 {
			empty++
		}
	}
	estimate := 0.7213 / (1 + 1.079/m) * m * m / sum
	if estimate <= 2.5*m && empty > 0 {
		estimate = m * math.Log(m/float64(empty)) // linear counting, which is better where registers are empty
	}
	return int(math.Round(estimate))
}
