// Package config is the one place where Rathaus learns how it shall run.
//
// There is one struct, [Config]. Its yaml tags are the keys of the
// configuration file, its value from [Default] is what holds when nothing is
// configured, and config.example.yaml at the top of the tree lists every key
// (a test compares the three).
//
// A value comes from, in rising order: the default, the file, the environment.
// The variable of a key is its path in capitals: server.public_url is
// RATHAUS_SERVER_PUBLIC_URL, the issuer of the first OIDC provider is
// RATHAUS_AUTH_OIDC_0_ISSUER. Lists of simple values are written with commas.
// A secret or long text X can also be read from the file that X_file names.
//
// [Load] reports every mistake it finds at once, each with its line, and
// hands out a configuration only when there is none. Relative paths are
// relative to the working directory.
package config
