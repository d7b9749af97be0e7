package chat

import (
	"bytes"
	"context"
	"fmt"
	"net/http"

	"gorm.io/gorm"

	"rathaus/internal/access"
	"rathaus/internal/fault"
	"rathaus/internal/id"
	"rathaus/internal/picture"
)

// Limits of the picture of a room.
const (
	maxRoomPicture  = 1 << 20 // bytes as sent
	maxRoomPixels   = 4 << 20
	maxPictureCost  = 32 << 20 // bytes of memory for decoding it
	roomPictureSide = 256      // pixels of what is kept
)

var (
	errPictureInvalid = fault.Invalid("chat.room_picture_invalid", "max", maxRoomPicture)
	errNoPicture      = fault.NotFound("chat.room_picture_unknown")
)

// NewPicture is what becomes the picture of a room.
type NewPicture struct {
	Picture []byte `json:"picture" maxLength:"1400000" doc:"PNG, GIF, JPEG or WebP, at most 1 MiB"`
}

// SetPicture gives a room a picture. Only a small copy is kept, without
// anything that the file says beside the picture.
func (c *Chat) SetPicture(ctx context.Context, p access.Principal, roomID string, in NewPicture) (Room, error) {
	if err := c.mayDepict(ctx, p, roomID); err != nil {
		return Room{}, err
	}
	small, err := smallPicture(in.Picture)
	if err != nil {
		return Room{}, err
	}
	return c.depict(ctx, p, roomID, id.New(), small)
}

// RemovePicture takes the picture of a room away.
func (c *Chat) RemovePicture(ctx context.Context, p access.Principal, roomID string) (Room, error) {
	if err := c.mayDepict(ctx, p, roomID); err != nil {
		return Room{}, err
	}
	return c.depict(ctx, p, roomID, "", picture.Small{})
}

func (c *Chat) mayDepict(ctx context.Context, p access.Principal, roomID string) error {
	ros, err := c.rosterFor(ctx, p, roomID)
	if err != nil {
		return err
	}
	if err := canModerate(p, ros.room, ros.role(p.UserID)); err != nil {
		return err
	}
	return c.keepPace(c.creates, p.UserID)
}

// depict stores the picture with this id, or none, and tells the room.
func (c *Chat) depict(ctx context.Context, p access.Principal, roomID, pictureID string, small picture.Small) (Room, error) {
	var now *roster
	err := c.db.Write(ctx, func(tx *gorm.DB) (err error) {
		if err = writePicture(tx, roomID, pictureID, small); err != nil {
			return err
		}
		now, err = readRoster(tx, roomID)
		return err
	}, func() {
		c.rosters.change(roomID, func(r room, _ map[string]Role) room {
			r.Picture = pictureID
			return r
		})
		c.tellFacts(now)
	})
	if err != nil {
		return Room{}, err
	}
	return c.Room(ctx, p, roomID)
}

// smallPicture looks at a picture before it is decoded, and makes the copy that
// is kept.
func smallPicture(b []byte) (picture.Small, error) {
	if len(b) == 0 || len(b) > maxRoomPicture {
		return picture.Small{}, errPictureInvalid
	}
	mediaType := http.DetectContentType(b)
	if !picture.Known(mediaType) {
		return picture.Small{}, errPictureInvalid
	}
	info, err := picture.Inspect(bytes.NewReader(b), picture.Format(mediaType))
	if err != nil || info.Pixels() < 1 || info.Pixels() > maxRoomPixels || info.Cost > maxPictureCost {
		return picture.Small{}, errPictureInvalid.Because(err)
	}
	all, err := picture.Preview(bytes.NewReader(b), info, roomPictureSide)
	if err != nil || len(all) != 1 {
		return picture.Small{}, errPictureInvalid.Because(err)
	}
	return all[0], nil
}

// Picture returns the picture of a room that p may read.
func (c *Chat) Picture(ctx context.Context, p access.Principal, roomID, pictureID string) (picture.Small, error) {
	ros, err := c.rosterFor(ctx, p, roomID)
	if err != nil {
		return picture.Small{}, err
	}
	if err := canRead(p, ros.room, ros.role(p.UserID)); err != nil {
		return picture.Small{}, err
	}
	var all []picture.Small
	err = c.db.Read(ctx).Raw("SELECT type, bytes FROM chat_pictures WHERE room_id = ? AND id = ?", roomID, pictureID).Scan(&all).Error
	if err != nil {
		return picture.Small{}, fmt.Errorf("read the picture of room %s: %w", roomID, err)
	}
	if len(all) == 0 {
		return picture.Small{}, errNoPicture
	}
	return all[0], nil
}

func writePicture(tx *gorm.DB, roomID, pictureID string, small picture.Small) error {
	if err := tx.Exec("DELETE FROM chat_pictures WHERE room_id = ?", roomID).Error; err != nil {
		return fmt.Errorf("remove the picture of room %s: %w", roomID, err)
	}
	if pictureID != "" {
		err := tx.Exec("INSERT INTO chat_pictures (room_id, id, type, bytes) VALUES (?, ?, ?, ?)", roomID, pictureID, small.Type, small.Bytes).Error
		if err != nil {
			return fmt.Errorf("store the picture of room %s: %w", roomID, err)
		}
	}
	res := tx.Exec("UPDATE chat_rooms SET picture = ? WHERE id = ? AND deleted_at IS NULL", pictureID, roomID)
	if res.Error != nil {
		return fmt.Errorf("note the picture of room %s: %w", roomID, res.Error)
	}
	if res.RowsAffected == 0 {
		return errNoRoom
	}
	return nil
}
