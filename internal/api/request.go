package api

import (
	"context"

	"github.com/gin-gonic/gin"
)

// ClientAddress returns the network address of who sends the request, as far
// as trusted proxies tell it. It serves limits; it must not be stored.
func ClientAddress(ctx context.Context) string {
	if c, ok := ctx.Value(ginKey{}).(*gin.Context); ok {
		return c.ClientIP()
	}
	return ""
}

// Param returns a part of the path, for raw handlers.
func Param(ctx context.Context, name string) string {
	if c, ok := ctx.Value(ginKey{}).(*gin.Context); ok {
		return c.Param(name)
	}
	return ""
}
