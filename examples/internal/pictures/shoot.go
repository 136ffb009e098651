package main

import (
	"context"
	"errors"
	"fmt"
	"image"
	"image/draw"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// What is taken pictures of.
var shots = []struct {
	width  int
	scheme string
}{{1280, "light"}, {1280, "dark"}, {390, "light"}}

const (
	pieceHeight = 1800
	shotHeight  = 4 * pieceHeight // of what is taken at once
	margin      = 200             // of a window, which is less high within
)

// shoot writes pictures of a page, and the page as it is printed. Their names begin with
// base.
func (b *browser) shoot(ctx context.Context, page string, seen *result, base string) (written []string, err error) {
	for _, s := range shots {
		height := seen.heights[s.scheme][s.width]
		if height == 0 {
			return written, fmt.Errorf("the height of the page at %d px is not known", s.width)
		}
		pieces, err := b.whole(ctx, page, s.width, height, s.scheme, base)
		written = append(written, pieces...)
		if err != nil {
			return written, err
		}
	}
	paper, err := b.paper(ctx, page, base)
	return append(written, paper...), err
}

// whole writes a page of some width and height, piece by piece.
func (b *browser) whole(ctx context.Context, page string, width, height int, scheme, base string) (written []string, err error) {
	if err := forget(fmt.Sprintf("%s-%d-%s-*.png", base, width, scheme)); err != nil {
		return nil, err
	}
	for top := 0; top < height; top += shotHeight {
		shot, err := b.picture(ctx, page, width, height, top, scheme)
		if err != nil {
			return written, err
		}
		for from := 0; from < shot.Bounds().Dy(); from += pieceHeight {
			name := fmt.Sprintf("%s-%d-%s-%d.png", base, width, scheme, len(written)+1)
			to := min(from+pieceHeight, shot.Bounds().Dy())
			if err := writePNG(name, cut(shot, image.Rect(0, from, width, to))); err != nil {
				return written, err
			}
			written = append(written, name)
		}
	}
	return written, nil
}

// picture returns a page of some width and height, from top on.
func (b *browser) picture(ctx context.Context, page string, width, height, top int, scheme string) (image.Image, error) {
	var harness strings.Builder
	data := struct {
		Page               string
		Width, Height, Top int
		Scheme             string
	}{page, width, height, top, scheme}
	if err := framePage.Execute(&harness, data); err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "pictures-")
	if err != nil {
		return nil, err
	}
	defer removeAll(dir)
	file := filepath.Join(dir, "shot.png")
	part := min(shotHeight, height-top)
	// A window is never narrower than 500 px.
	window := fmt.Sprintf("--window-size=%d,%d", max(width, 500), part+margin)
	if _, _, err := b.run(ctx, harness.String(), window, "--screenshot="+file); err != nil {
		return nil, err
	}
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	shot, err := png.Decode(f)
	if err != nil {
		return nil, err
	}
	if size := shot.Bounds(); size.Dx() < width || size.Dy() < part {
		return nil, fmt.Errorf("a picture of %v, want at least %d × %d", size.Max, width, part)
	}
	return cut(shot, image.Rect(0, 0, width, part)), nil
}

// cut returns a part of a picture.
func cut(of image.Image, part image.Rectangle) image.Image {
	piece := image.NewRGBA(image.Rect(0, 0, part.Dx(), part.Dy()))
	draw.Draw(piece, piece.Bounds(), of, of.Bounds().Min.Add(part.Min), draw.Src)
	return piece
}

func writePNG(name string, picture image.Image) (err error) {
	f, err := os.Create(name)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	return png.Encode(f, picture)
}

// paper prints a page, and shows what comes out where there is pdftoppm.
func (b *browser) paper(ctx context.Context, page, base string) (written []string, err error) {
	file, err := filepath.Abs(base + ".pdf")
	if err != nil {
		return nil, err
	}
	if _, _, err := b.run(ctx, page, "--no-pdf-header-footer", "--print-to-pdf="+file); err != nil {
		return nil, err
	}
	if _, err := os.Stat(file); err != nil {
		return nil, err
	}
	written = []string{base + ".pdf"}
	tool, err := exec.LookPath("pdftoppm")
	if err != nil {
		return written, nil
	}
	if err := forget(base + "-a4-*.png"); err != nil {
		return written, err
	}
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	if said, err := exec.CommandContext(ctx, tool, "-r", "80", "-png", file, base+"-a4").CombinedOutput(); err != nil {
		return written, fmt.Errorf("pdftoppm: %w\n%s", err, said)
	}
	sheets, err := filepath.Glob(base + "-a4-*.png")
	return append(written, sheets...), err
}

// forget removes pictures of a longer page.
func forget(pattern string) error {
	old, err := filepath.Glob(pattern)
	if err != nil {
		return err
	}
	for _, name := range old {
		if err := os.Remove(name); err != nil {
			return err
		}
	}
	return nil
}
