-- +goose Up

-- The block of the body that a correction is about, from 1.
ALTER TABLE editions ADD COLUMN corrects BIGINT NOT NULL DEFAULT 0;
