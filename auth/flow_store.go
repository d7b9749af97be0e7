package auth

import (
	"fmt"
	"time"

	"rathaus/internal/fault"
	"rathaus/internal/id"
)

// TableName names the table for gorm.
func (flow) TableName() string { return "auth_flows" }

func insertFlow(tx Tx, f flow) error {
	if err := tx.Create(&f).Error; err != nil {
		return fmt.Errorf("store trip to provider: %w", err)
	}
	return nil
}

// takeFlow finds and ends a trip. It needs the state, the browser's secret and
// the provider from which the browser comes.
func takeFlow(tx Tx, provider, state, browser string, now time.Time) (flow, error) {
	if err := dropOldFlows(tx, now); err != nil {
		return flow{}, fmt.Errorf("forget old trips: %w", err)
	}
	var found []flow
	err := tx.Raw(`DELETE FROM auth_flows WHERE state_hash = ? AND browser_hash = ? AND provider = ?
		RETURNING provider, nonce, verifier, return_to`, id.Hash(state), id.Hash(browser), provider).Scan(&found).Error
	if err != nil {
		return flow{}, fmt.Errorf("end trip to provider: %w", err)
	}
	if len(found) == 0 {
		return flow{}, fault.Invalid("auth.flow_unknown")
	}
	return found[0], nil
}

// dropOldFlows forgets the trips from which nobody came back in time.
func dropOldFlows(tx Tx, now time.Time) error {
	return tx.Exec("DELETE FROM auth_flows WHERE expires_at <= ?", now).Error
}
