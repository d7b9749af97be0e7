package sfu

import (
	"fmt"

	"github.com/pion/webrtc/v4"
)

// negotiateAnswer applies an offer and returns the complete answer.
func negotiateAnswer(pc *webrtc.PeerConnection, offer string) (string, error) {
	remote := webrtc.SessionDescription{Type: webrtc.SDPTypeOffer, SDP: withoutCandidates(offer)}
	if err := pc.SetRemoteDescription(remote); err != nil {
		return "", fmt.Errorf("%w: %w", ErrDescription, err)
	}
	answer, err := pc.CreateAnswer(nil)
	if err != nil {
		return "", fmt.Errorf("create answer: %w", err)
	}
	return gather(pc, answer)
}

// gather sets the local description and waits for its candidates. They are
// all local sockets, so this takes no network round trip.
func gather(pc *webrtc.PeerConnection, local webrtc.SessionDescription) (string, error) {
	complete := webrtc.GatheringCompletePromise(pc)
	if err := pc.SetLocalDescription(local); err != nil {
		return "", fmt.Errorf("set local description: %w", err)
	}
	<-complete
	d := pc.LocalDescription()
	if d == nil {
		return "", ErrClosed
	}
	return d.SDP, nil
}

func stateOf(s webrtc.PeerConnectionState) (State, bool) {
	switch s {
	case webrtc.PeerConnectionStateConnecting:
		return Connecting, true
	case webrtc.PeerConnectionStateConnected:
		return Connected, true
	case webrtc.PeerConnectionStateDisconnected:
		return Disconnected, true
	case webrtc.PeerConnectionStateFailed:
		return Failed, true
	case webrtc.PeerConnectionStateClosed:
		return Closed, true
	default:
		return "", false
	}
}
