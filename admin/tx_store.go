package admin

import "gorm.io/gorm"

// Tx is a transaction that a use case hands on.
type Tx = *gorm.DB
