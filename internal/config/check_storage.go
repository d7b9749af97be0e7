package config

func (c *checker) storage() {
	cfg := c.cfg
	if cfg.Data.Dir == "" {
		c.fail("data.dir", say("is missing", "fehlt"))
	}
	db := cfg.Database
	c.oneOf("database.driver", db.Driver, DriverSQLite, DriverPostgres)
	hasDSN := db.DSN.IsSet() || db.DSNFile != ""
	switch {
	case db.Driver == DriverPostgres && !hasDSN && !c.broken["database.dsn_file"]:
		c.fail("database.dsn", say("is missing, postgres needs it: postgres://user@host/name", "fehlt, postgres braucht es: postgres://user@host/name"))
	case db.Driver == DriverSQLite && hasDSN:
		c.fail("database.driver", say("is sqlite although database.dsn is set, set it to postgres or remove the dsn", "ist sqlite, obwohl database.dsn gesetzt ist; gemeint ist wohl postgres"))
	}
	c.oneOf("log.level", cfg.Log.Level, "debug", "info", "warn", "error")
	c.oneOf("log.format", cfg.Log.Format, "text", "json")
}

func (c *checker) chatAndPads() {
	cfg := c.cfg
	c.between("chat.max_message_bytes", int64(cfg.Chat.MaxMessageBytes), 256, 256*kib)
	c.between("chat.max_room_members", int64(cfg.Chat.MaxRoomMembers), 2, 100_000)
	c.oneOf("chat.presence", cfg.Chat.Presence, PolicyOff, PolicyOptional)
	c.oneOf("chat.read_receipts", cfg.Chat.ReadReceipts, PolicyOff, PolicyOptional)
	c.between("pads.max_update_bytes", int64(cfg.Pads.MaxUpdateBytes), 4*kib, 8*mib)
	c.between("pads.max_snapshot_bytes", int64(cfg.Pads.MaxSnapshotBytes), 64*kib, 256*mib)
	if cfg.Pads.MaxSnapshotBytes < cfg.Pads.MaxUpdateBytes {
		c.fail("pads.max_snapshot_bytes", say("must not be smaller than pads.max_update_bytes", "darf nicht kleiner sein als pads.max_update_bytes"))
	}
}
