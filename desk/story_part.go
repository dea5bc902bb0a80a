package desk

import (
	"slices"

	"github.com/datelinehq/dateline"
)

// maxWholes bounds how many stories above one are looked at.
const maxWholes = 200

// wholes are the larger stories of which a story says that it is part, merged ones as what they went into. One that readers never
// had is refused by name, because its id would tell that somebody works on it; one that was taken down stays named, and is shown
// nowhere until it comes back. So is refused what would make a circle of what readers have.
func (t *turn) wholes(s *dateline.Story) (list []dateline.ID, err error) {
	for _, id := range s.Content.Stories {
		whole, err := t.mergedStory(id)
		if err != nil {
			return nil, missing("stories", err)
		}
		if whole.ID == s.ID {
			return nil, errItself
		}
		if whole.Readers == dateline.Unpublished {
			return nil, dateline.Errorf(dateline.EState, "the larger story %q is not published; publish it first, or take it out", whole.Content.Name)
		}
		list = addID(list, whole.ID)
		if s.Live != nil && slices.Contains(s.Live.Stories, id) {
			continue // it stands: what is told anew does not wait for what has come to lie above
		}
		way, circle, err := t.way(whole, s.ID)
		if err != nil {
			return nil, err
		}
		if circle {
			return nil, dateline.Errorf(dateline.EInvalid, "the story %q is itself part of this one, by way of %q; a story is not part of its own parts", whole.Content.Name, way.Content.Name)
		}
	}
	return list, nil
}

// way says whether readers have a story as part of a whole, and by way of which story: itself where nothing lies between.
func (t *turn) way(s *dateline.Story, whole dateline.ID) (*dateline.Story, bool, error) {
	met := map[dateline.ID]bool{s.ID: true}
	for next := []*dateline.Story{s}; len(next) > 0; next = next[1:] {
		if next[0].Live == nil {
			continue // it was taken down, and asks for itself when it comes back
		}
		for _, id := range next[0].Live.Stories {
			up, err := t.mergedStory(id)
			if err != nil {
				return nil, false, err
			}
			if up.ID == whole {
				return next[0], true, nil
			}
			if !met[up.ID] {
				met[up.ID], next = true, append(next, up)
			}
			if len(met) > maxWholes {
				return nil, false, dateline.Errorf(dateline.EInvalid, "more than %d stories lie above %q; take it out of some", maxWholes, s.Content.Name)
			}
		}
	}
	return s, false, nil
}

// takeOverWholes makes a story part of what another was part of that is merged into it. What would make it part of itself is left
// out; where it is part of that one by way of a third story, that one would be part of its own part, and the merger is refused.
func (t *turn) takeOverWholes(to, s *dateline.Story) error {
	var list []dateline.ID
	for _, id := range append(slices.Clone(to.Content.Stories), s.Live.Stories...) {
		whole, err := t.mergedStory(id)
		if err != nil {
			return err
		}
		if whole.ID == s.ID || whole.ID == to.ID {
			continue
		}
		way, is, err := t.way(whole, s.ID)
		if err != nil {
			return err
		}
		if is {
			return dateline.Errorf(dateline.EState, "the story %q is part of %q by way of %q, which would be part of its own part; take that out first", to.Content.Name, s.Content.Name, way.Content.Name)
		}
		if _, is, err = t.way(whole, to.ID); err != nil {
			return err
		} else if !is {
			list = addID(list, whole.ID)
		}
	}
	to.Content.Stories = list
	return nil
}
