package desk

import (
	"context"

	"github.com/datelinehq/dateline"
)

// FindSetting returns one of the newsroom's settings as it was saved; ENotFound.
func (d *Desk) FindSetting(ctx context.Context, name string) (value string, err error) {
	err = d.store.View(ctx, func(tx Tx) error {
		value, err = tx.FindSetting(name)
		return err
	})
	return value, err
}

// SaveSetting keeps one of the newsroom's settings for a chief.
func (d *Desk) SaveSetting(ctx context.Context, actor dateline.Actor, name, value string) error {
	return d.do(ctx, actor, dateline.ActAdminister, func(t *turn) error {
		if err := t.SaveSetting(name, value); err != nil {
			return err
		}
		return t.note(dateline.ActAdminister, nil, 0, "changed the setting %s", name)
	})
}
