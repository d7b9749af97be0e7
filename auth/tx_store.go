package auth

import "gorm.io/gorm"

// Tx is a transaction that a use case hands to its queries.
type Tx = *gorm.DB
