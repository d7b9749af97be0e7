package outbox

const canSegmentHere = true
