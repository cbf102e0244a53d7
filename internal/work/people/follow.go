package people

import (
	"context"

	"tongxin/internal/base/db"
	"tongxin/internal/base/id"
	"tongxin/internal/base/jobs"
)

// jobFollow moves the people of an organisation that was merged to its successor.
const jobFollow = "people.follow"

// followed are the arguments of the job.
type followed struct {
	Into id.ID `json:"into"`
}

// Follow is a step of merging an organisation into another: those whose station it was, and
// its members, are its successor's from now on, some at a time.
func Follow(tx *db.Tx, org, into id.ID) error {
	return jobs.Add(tx, jobs.Job{Kind: jobFollow, Key: jobFollow + "/" + string(org), Ref: org, Args: followed{into}})
}

// followAtOnce bounds one turn of the job.
const followAtOnce = 100

func follow(ctx context.Context, tx *db.Tx, j jobs.Job) error {
	var to followed
	if err := j.Into(&to); err != nil {
		return err
	}
	stationed, err := stationedAt(ctx, tx, j.Ref, followAtOnce)
	if err != nil {
		return err
	}
	for _, p := range stationed {
		if err := setStation(tx, p, to.Into); err != nil {
			return err
		}
	}
	members, err := membersOf(ctx, tx, j.Ref, followAtOnce)
	if err != nil {
		return err
	}
	for _, p := range members {
		if _, err := dropMember(tx, p, j.Ref); err != nil {
			return err
		}
		if _, err := putMember(tx, p, to.Into); err != nil {
			return err
		}
	}
	if len(stationed)+len(members) > 0 {
		return jobs.Again
	}
	return nil
}
