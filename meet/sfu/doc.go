// Package sfu is the selective forwarding unit: it receives what participants
// publish and sends each of them what they can use, without decoding anything.
// It knows rooms, participants and packets, but no users, meetings or HTTP; it
// imports pion and the standard library only, and its own package for sending.
//
// # Nouns
//
// A Room holds Participants. A participant publishes up to four sources
// (microphone, camera, screen, sound of the screen) over one connection up. A
// source has one layer, or up to three when the client simulcasts. Over one
// connection down it receives a fixed pool of slots, each a media section with
// its own stream number: three for voices, one for the sound of a screen, nine
// for cameras and two for screens unless configured otherwise. The server maps
// sources onto slots and says so by Events.Slots; joining, leaving, speaking
// and turning the page never renegotiate.
//
//   - Voices: the loudest three microphones are forwarded. A microphone keeps
//     its slot through silence until somebody who speaks needs it.
//   - Pictures: the client says by SetView what it shows and how large. Each
//     picture gets the smallest layer that fills its tile, if the line carries
//     it; screens come before cameras, first tiles before last. Layers change at
//     key frames only. What the line does not carry is paused; sound never is.
//   - Loss: what clients publish is asked for again (NACK); what they miss is
//     repeated from packets that all receivers share, over RTX.
//
// # Who owns what
//
// One goroutine reads each received layer and writes to all subscribed slots,
// a picture at a time; what it writes waits in the outbox of the socket until
// it is through and leaves in few system calls. The only lock it shares with
// another participant's packets is the outbox's, held for a copy. One goroutine
// for each room watches sources, voices and lines ten times a second and when
// poked. One goroutine for each slot reads the receiver's feedback. One
// goroutine for each participant delivers its Events. SFU.Close waits for all
// of them. Lock order: Room.mu, Participant.mu, slot.mu, layer.subsMu, outbox.
//
// # Network
//
// All media uses one UDP port and one TCP port. The unit is ICE-lite: its
// descriptions are complete, it never sends anything to an address that has
// not proved itself, and it ignores the candidates of clients, so nobody needs
// to trickle. A client behind a strict firewall uses meet/turn.
//
// # What a web client does
//
// The order of the four transceivers is the contract; later ones may be left
// out. Simulcast layers must be named q, h, f from small to large. Tracks come
// and go with replaceTrack, never with a new negotiation.
//
//	const ice = { iceServers, bundlePolicy: 'max-bundle' };     // iceServers: [] or the relay's
//	const up = new RTCPeerConnection(ice);
//	const mic = up.addTransceiver('audio', { direction: 'sendonly' });
//	const camera = up.addTransceiver('video', { direction: 'sendonly', sendEncodings: [
//	  { rid: 'q', scaleResolutionDownBy: 4, maxBitrate: 150_000 },
//	  { rid: 'h', scaleResolutionDownBy: 2, maxBitrate: 500_000 },
//	  { rid: 'f', maxBitrate: 1_700_000 } ] });
//	const screen = up.addTransceiver('video', { direction: 'sendonly', sendEncodings: [
//	  { rid: 'q', scaleResolutionDownBy: 2, maxBitrate: 400_000, maxFramerate: 5 },
//	  { rid: 'f', maxBitrate: 2_500_000 } ] });
//	const screenSound = up.addTransceiver('audio', { direction: 'sendonly' });
//	await mic.sender.replaceTrack(audioTrack);                    // now or at any later time
//	await camera.sender.replaceTrack(videoTrack);                 // 1280 × 720 for three layers
//
//	await up.setLocalDescription();
//	const answer = await publish(up.localDescription.sdp);        // Participant.Publish
//	await up.setRemoteDescription({ type: 'answer', sdp: answer });
//
//	const down = new RTCPeerConnection(ice);
//	down.ontrack = (e) => tracks.set(e.transceiver.mid, e.track); // all slots, at once, once
//	await down.setRemoteDescription({ type: 'offer', sdp: await offer() }); // Participant.Offer
//	await down.setLocalDescription();
//	await answerDown(down.localDescription.sdp);                  // Participant.Answer
//
// The two negotiations are independent; neither waits for ICE candidates.
// Events.Slots then says which mid carries whom: attach tracks.get(mid), wrapped
// in a MediaStream of its own, to an audio element (audio slots) or to the tile.
// A mid that is not listed carries nothing. Muting is replaceTrack(null) or
// track.enabled = false together with SetMuted; switching the camera off is
// replaceTrack(null). Set contentHint 'detail' on screen tracks.
//
// When a connection's state is disconnected for some seconds or failed, or the
// device changed networks: up.setLocalDescription(await up.createOffer({
// iceRestart: true })) and publish again; ask for the offer again and answer it
// for the connection down. Slots, tracks and elements stay. When that does not
// help, a new RTCPeerConnection may publish in place of the old one; a new
// connection down needs Leave and Join.
package sfu
