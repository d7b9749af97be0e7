package sfu

import (
	"context"
	"fmt"
	"log/slog"

	"github.com/pion/logging"
)

// logs hands pion's messages to slog. Whatever pion calls a warning or an
// error is caused by packets of strangers, so all of it is debug output here.
type logs struct{ to *slog.Logger }

// NewLogger implements logging.LoggerFactory.
func (l logs) NewLogger(scope string) logging.LeveledLogger {
	return scopedLog{l.to.With("pion", scope)}
}

type scopedLog struct{ to *slog.Logger }

func (l scopedLog) write(text string) {
	l.to.Debug("media library message", "text", text)
}

func (l scopedLog) writef(format string, args ...any) {
	if l.to.Enabled(context.Background(), slog.LevelDebug) {
		l.write(fmt.Sprintf(format, args...))
	}
}

func (scopedLog) Trace(string)                {}
func (scopedLog) Tracef(string, ...any)       {}
func (scopedLog) Debug(string)                {}
func (scopedLog) Debugf(string, ...any)       {}
func (scopedLog) Info(string)                 {}
func (scopedLog) Infof(string, ...any)        {}
func (l scopedLog) Warn(m string)             { l.write(m) }
func (l scopedLog) Warnf(f string, a ...any)  { l.writef(f, a...) }
func (l scopedLog) Error(m string)            { l.write(m) }
func (l scopedLog) Errorf(f string, a ...any) { l.writef(f, a...) }
