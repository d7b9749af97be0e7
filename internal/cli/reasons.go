package cli

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"rathaus/internal/fault"
)

// reasons are the faults that commands meet, in words. The web application has its own, translated ones.
var reasons = map[string]string{
	"auth.login_taken":            "this sign-in name belongs to somebody already",
	"auth.login_invalid":          "this cannot be a sign-in name",
	"auth.local_off":              "sign-in with a password is switched off (auth.local)",
	"auth.email_needed":           "an e-mail address is needed (--email)",
	"auth.email_ambiguous":        "several people have this e-mail address, use the sign-in name",
	"auth.password_too_short":     "the password is too short",
	"auth.password_too_long":      "the password is too long",
	"auth.password_common":        "the password is among those that everybody tries first",
	"auth.password_is_name":       "the password must not be the name",
	"auth.password_not_text":      "the password is not text",
	"directory.email_invalid":     "this is not an e-mail address",
	"directory.last_admin":        "nobody else administers Rathaus: make somebody administrator first",
	"directory.member_by_issuer":  "this is decided by the provider that the person signs in with",
	"directory.role_unknown":      "there is no such role",
	"directory.user_not_found":    "nobody has this sign-in name or e-mail address",
	"directory.group_not_found":   "there is no such group",
	"directory.user_name_empty":   "the name is empty",
	"directory.user_name_invalid": "the name has characters that do not belong there",
}

// explain is an error in words for the administrator: what was tried, and the reason.
func explain(err error) string {
	var f *fault.Error
	if !errors.As(err, &f) {
		return err.Error()
	}
	reason, known := reasons[f.Code]
	if !known {
		return err.Error() + parameters(f.Params)
	}
	return strings.Replace(err.Error(), f.Code, reason+parameters(f.Params), 1)
}

// parameters is " (min: 10)", or nothing.
func parameters(params map[string]any) string {
	if len(params) == 0 {
		return ""
	}
	var list []string
	for _, key := range slices.Sorted(maps.Keys(params)) {
		list = append(list, fmt.Sprintf("%s: %v", key, params[key]))
	}
	return " (" + strings.Join(list, ", ") + ")"
}
