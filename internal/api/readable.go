package api

import (
	"encoding/json"
	"errors"
	"net/url"

	"github.com/danielgtaylor/huma/v2"
	"github.com/gin-gonic/gin"

	"rathaus/internal/fault"
	"rathaus/internal/plain"
)

// readable refuses addresses that are not text, before anybody looks into them.
func readable(c *gin.Context) {
	query, err := url.QueryUnescape(c.Request.URL.RawQuery)
	if err != nil || !plain.Text(query) || !plain.Text(c.Request.URL.Path) {
		writeFault(c, fault.Invalid("invalid_input"))
		return
	}
	c.Next()
}

// plainJSON is JSON whose strings hold no NUL.
var plainJSON = huma.Format{
	Marshal: huma.DefaultJSONFormat.Marshal,
	Unmarshal: func(raw []byte, v any) error {
		if !plain.JSON(raw) {
			return errors.New("a text holds the character NUL")
		}
		return json.Unmarshal(raw, v)
	},
}
