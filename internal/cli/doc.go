// Package cli is the program's command line: one file for each command.
//
// It knows configuration, files and terminals, not the features. What needs
// the whole program (serving, people in the directory, the API document) comes
// in through [Deps], which internal/app fills.
//
// Everything that commands print goes through a writer that escapes control
// characters, so that a name in the directory cannot drive the terminal of the
// administrator who lists it.
package cli
