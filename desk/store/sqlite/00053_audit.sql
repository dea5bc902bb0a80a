-- +goose Up
-- From where something was done, and in which session. Both go after a while.
ALTER TABLE audit ADD COLUMN address TEXT NOT NULL DEFAULT '';
ALTER TABLE audit ADD COLUMN device TEXT NOT NULL DEFAULT '';
ALTER TABLE audit ADD COLUMN session TEXT NOT NULL DEFAULT '';
CREATE INDEX audit_actor ON audit (actor, n);
CREATE INDEX audit_act ON audit (act, n);
CREATE INDEX audit_at ON audit (at, n);
CREATE INDEX audit_from ON audit (at) WHERE address <> '' OR device <> '' OR session <> '';

-- Nobody takes a line away, and of what a line says no more can be changed than that its details, or from where it was done, are
-- taken out: who did what, when and to what stays.
-- +goose StatementBegin
CREATE TRIGGER audit_stays BEFORE DELETE ON audit BEGIN
	SELECT RAISE(ABORT, 'lines of the audit are never deleted');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER audit_is_not_changed BEFORE UPDATE ON audit
WHEN NOT (NEW.n IS OLD.n AND NEW.at IS OLD.at AND NEW.actor IS OLD.actor AND NEW.role IS OLD.role AND NEW.act IS OLD.act
	AND NEW.article IS OLD.article AND NEW.version IS OLD.version AND NEW.seq IS OLD.seq AND NEW.tell IS OLD.tell
	AND (NEW.detail IS OLD.detail OR NEW.detail = 'removed')
	AND (NEW.more IS OLD.more OR NEW.more = '')
	AND (NEW.address IS OLD.address OR NEW.address = '') AND (NEW.device IS OLD.device OR NEW.device = '')
	AND (NEW.session IS OLD.session OR NEW.session = ''))
BEGIN
	SELECT RAISE(ABORT, 'lines of the audit are not changed');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER audit_is_not_replaced BEFORE INSERT ON audit WHEN NEW.n IN (SELECT n FROM audit) BEGIN
	SELECT RAISE(ABORT, 'lines of the audit are added at its end');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER audit_grows_at_its_end AFTER INSERT ON audit WHEN NEW.n <> (SELECT max(n) FROM audit) BEGIN
	SELECT RAISE(ABORT, 'lines of the audit are added at its end');
END;
-- +goose StatementEnd

-- +goose Down
DROP TRIGGER audit_grows_at_its_end;
DROP TRIGGER audit_is_not_replaced;
DROP TRIGGER audit_is_not_changed;
DROP TRIGGER audit_stays;
DROP INDEX audit_from;
DROP INDEX audit_at;
DROP INDEX audit_act;
DROP INDEX audit_actor;
ALTER TABLE audit DROP COLUMN session;
ALTER TABLE audit DROP COLUMN device;
ALTER TABLE audit DROP COLUMN address;
