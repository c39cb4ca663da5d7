"""How the things of the sample shop are drawn, on a ground of 64 × 64.

A drawing is a row of parts, the first one behind the others. A part begins with the letter of its colour (`COLOURS`; a
capital letter draws a line and fills nothing), then comes a shape: `M…` a path of SVG, `o x y r` a circle,
`e x y rx ry` an ellipse, `r x y width height round` a rectangle.
"""

COLOURS = {"w": "#ffffff", "k": "#3d424e", "y": "#f4c64f", "g": "#6a9d5c", "s": "#b9c1cd", "n": "#b98a5e"}
"""Colours that are the same for every look; `a` is the look's own, `d` darker, `p` paler."""
DRAWINGS = {
    "kettle": "aM44 34l11-9 4 4-11 14z;aM18 30h28l4 23H14z;DM20 29c0-17 24-17 24 0;dr 24 26 16 5 2;ko 32 24 3",
    "teapot": "aM44 38l13-10 3 4-12 15z;DM17 34c-11 0-11 15 1 15;ae 31 40 17 14;dr 22 25 18 4 2;do 31 23 3",
    "frying pan": "kr 40 31 22 7 3;do 24 35 18;ao 24 35 14;po 19 30 3",
    "stock pot": "kr 6 32 52 4 2;ar 13 26 38 27 4;dr 11 22 42 5 2;ko 32 19 3;pr 17 31 4 17 2",
    "bread knife": "sM6 30h34v11c-20 2-30-3-34-11z;WM10 33h28;ar 39 28 20 9 4;wo 46 32.5 1.5;wo 53 32.5 1.5",
    "chopping board": "ar 13 18 38 36 6;ar 26 8 12 14 6;wo 32 14 2.5;DM20 28h24M20 36h24M20 44h24",
    "mixing bowl": "KM42 28L54 8;ye 42 28 10 4;aM8 28h48c0 17-10 26-24 26S8 45 8 28z;pr 6 25 52 5 2",
    "espresso cup": "SM27 20c-3-4 3-6 0-10M35 20c-3-4 3-6 0-10;pe 31 53 22 4;DM44 30c10 0 10 12 0 12"
    ";aM16 26h30v11c0 10-6 15-15 15s-15-5-15-15z",
    "dinner plate": "ao 32 33 24;po 32 33 18;wo 32 33 13",
    "carafe": "pM26 10h12v13l9 14v13c0 4-3 6-6 6H23c-3 0-6-2-6-6V37l9-14z"
    ";aM18 39h28v11c0 3-2 5-5 5H23c-3 0-5-2-5-5z;kr 25 6 14 5 2",
    "candle holder": "wr 28 18 8 26 1;yM32 6c5 6 4 9 0 11-4-2-5-5 0-11z;aM17 42h30l-4 8H21z;dr 26 50 12 5 2",
    "vase": "GM32 26V14M32 20l-9-7M32 20l9-7;yo 32 11 5;yo 21 12 4;yo 43 12 4"
    ";aM24 24h16c-2 6 9 10 9 18 0 9-7 13-17 13s-17-4-17-13c0-8 11-12 9-18z;dr 23 22 18 4 2",
    "desk lamp": "yo 44 29 6;KM33 20L22 37L33 50;aM32 10l21 15-13 9-13-14z;dr 20 50 27 5 2;ko 22 37 3",
    "floor lamp": "yM18 26h28l3 8H15z;KM32 26v27;aM23 8h18l6 19H17z;de 32 55 13 3",
    "pendant lamp": "KM32 2v18;ye 32 39 9 6;aM32 16c13 0 19 9 21 22H11c2-13 8-22 21-22z;dr 28 12 8 6 2",
    "lantern": "DM24 17c0-13 16-13 16 0;dr 20 15 24 6 2;wr 22 21 20 27 1;yM32 28c6 7 4 13 0 14-4-1-6-7 0-14z"
    ";KM22 21v27M42 21v27;ar 18 47 28 7 2",
    "armchair": "kr 14 50 5 7 1;kr 45 50 5 7 1;ar 17 12 30 30 7;pr 18 33 28 11 3;ar 16 42 32 9 2;dr 8 28 11 24 5"
    ";dr 45 28 11 24 5",
    "dining chair": "KM20 10v46M44 10v46;ar 18 8 28 7 2;ar 18 19 28 6 2;dr 15 33 34 7 2",
    "coffee table": "KM14 33l-3 21M50 33l3 21;dr 14 42 36 4 1;ar 7 25 50 8 3",
    "bookcase": "ar 13 6 38 51 2;pr 17 10 30 12 0;pr 17 26 30 12 0;pr 17 42 30 11 0;dr 19 12 4 10 0;yr 24 11 4 11 0"
    ";kr 29 13 4 9 0;gr 38 12 5 10 0;gr 20 28 4 10 0;dr 25 27 5 11 0;yr 36 29 4 9 0;kr 20 44 5 9 0;wr 28 43 4 10 0",
    "chest of drawers": "kr 14 50 5 7 1;kr 45 50 5 7 1;ar 11 12 42 40 3;pr 15 16 34 10 1;pr 15 28 34 10 1"
    ";pr 15 40 34 9 1;ko 32 21 2;ko 32 33 2;ko 32 44 2",
    "wall mirror": "ae 32 32 19 26;pe 32 32 15 21;WM23 36l12-17M30 43l10-14",
    "picture frame": "ar 8 12 48 40 2;wr 13 17 38 30 0;yo 24 26 5;gM13 47l13-16 10 10 6-6 9 12z",
    "cushion": "aM10 14c13 5 31 5 44 0-5 12-5 24 0 36-13-5-31-5-44 0 5-12 5-24 0-36z;DM24 24l16 16M40 24L24 40",
    "rug": "AM8 18v30M56 18v30;ar 11 14 42 38 1;pr 16 19 32 28 1;aM32 22l13 11-13 11-13-11z;wM32 27l7 6-7 6-7-6z",
    "bath towel": "ar 16 8 32 48 3;pr 16 40 32 5 0;pr 16 48 32 2 0;dr 16 8 8 48 3",
    "alarm clock": "DM22 52l-4 5M42 52l4 5;do 18 17 7;do 46 17 7;ao 32 35 20;wo 32 35 15;KM32 35V25M32 35l8 5",
    "garden spade": "nr 29 8 6 30 2;nr 23 5 18 6 3;aM19 34h26v11c0 8-7 12-13 14-6-2-13-6-13-14z;DM32 38v14",
    "watering can": "aM44 36l12-14 4 3-14 24z;dM53 15l9 9-3 4-10-9z;DM22 29c0-18 22-18 22 0;ar 16 28 30 26 3"
    ";pr 20 34 4 15 2",
    "plant pot": "gM32 34c-2-15-14-17-19-22 13-2 19 7 19 15 0-11 8-19 19-18-2 11-15 13-19 25z"
    ";aM17 37h30l-4 20H21z;dr 14 32 36 7 2",
    "bird feeder": "KM32 10V3;nr 18 26 28 21 1;wr 23 31 18 11 1;yo 29 37 4;yM33 36l5 1-5 2z;aM11 27L32 9l21 18z"
    ";dr 11 46 42 6 2",
    "deck chair": "KM12 16L50 56M52 34L16 56"
    ";aM9 14c6 26 24 35 46 26l-2-7c-18 6-31-2-37-21z;pM11 23c3 8 8 13 14 16l2-5c-6-2-10-6-13-12z",
    "rain jacket": "aM22 10h20l13 11-7 11-5-4v28H21V28l-5 4-7-11z;dM25 10h14l-7 10z;KM32 20v36;dr 24 41 5 3 1"
    ";dr 36 41 5 3 1",
    "wool jumper": "aM22 12h20l13 13-7 10-5-4v25H21V31l-5 4-7-10z;dM25 12c2 7 12 7 14 0z;pr 21 36 22 3 0"
    ";pr 21 43 22 3 0;dr 21 52 22 4 0",
    "linen shirt": "aM23 10h18l13 9-6 11-5-3v29H21V27l-5 3-6-11z;wM25 10h14l-7 9z;ko 32 27 1.5;ko 32 35 1.5"
    ";ko 32 43 1.5;dr 36 29 5 6 1",
    "scarf": "AM22 50v8M26 50v8;DM37 46v8M41 46v8;ar 16 10 32 11 5;dr 34 17 11 31 2;ar 18 17 12 36 2;pr 18 41 12 4 0"
    ";pr 34 37 11 4 0",
    "cap": "aM10 40c0-17 12-24 22-24s20 8 20 24z;dM32 39h27c3 0 2 8-5 8-8 0-14-3-22-3z;do 32 15 3;DM32 17v22",
    "trainers": "aM6 29c8 3 15-2 17-8l9 4c4 8 12 11 20 13 7 2 7 8 5 10H6z;wr 5 46 54 6 3;WM26 28l7-4M31 34l7-4",
    "walking boots": "aM18 8h18v24c9 2 18 5 20 13v4H18z;kr 16 48 42 7 2;dr 16 8 22 6 2;WM27 21h10M27 28h10",
    "backpack": "DM24 14c0-11 16-11 16 0;dr 10 26 8 22 4;dr 46 26 8 22 4;ar 15 12 34 44 9;dr 20 34 24 17 4"
    ";pr 20 22 24 4 2;kr 29 32 6 5 1",
    "weekend bag": "DM21 28c0-17 22-17 22 0;ar 6 25 52 27 6;dr 6 25 52 6 3;kr 17 25 4 27 0;kr 43 25 4 27 0",
    "wallet": "dr 9 16 46 32 4;ar 9 21 46 29 4;pr 38 30 19 11 5;ko 45 35.5 2.5",
    "umbrella": "KM32 10V5M32 32v18c0 7 9 7 9 0;aM7 33c2-15 12-24 25-24s23 9 25 24c-4-4-9-4-13 0-4-4-8-4-12 0"
    "-4-4-8-4-12 0-4-4-9-4-13 0z;DM32 9c-7 6-10 14-12 24M32 9c7 6 10 14 12 24",
    "notebook": "wr 18 9 36 48 2;ar 14 6 36 50 3;dr 14 6 8 50 3;wr 28 17 16 9 1;KM46 6v50",
    "fountain pen": "yM8 58l6-13 7 7z;kM17 36l12 12-17 9-4-4z;aM40 10l14 14-24 25-14-14z;dM44 6l14 14-5 5-14-14z",
    "cookery book": "wM6 14c11-5 20-3 26 2 6-5 15-7 26-2v40c-11-4-20-3-26 2-6-5-15-6-26-2z"
    ";aM6 14c11-5 20-3 26 2v40c-6-5-15-6-26-2z;WM12 24c5-1 10 0 14 2M12 32c5-1 10 0 14 2M12 40c5-1 10 0 14 2"
    ";SM38 26c4-2 9-3 14-2M38 34c4-2 9-3 14-2M38 42c4-2 9-3 14-2",
    "atlas": "wr 16 8 36 50 2;ar 12 6 38 50 2;po 31 28 14;gM22 24c4-7 10-3 8 2s8 4 6 11c-7 3-9-1-9-5s-7-3-5-8z"
    ";yr 20 47 22 4 1",
    "headphones": "DM13 38c0-34 38-34 38 0;ar 7 34 12 21 6;ar 45 34 12 21 6;kr 16 36 4 17 2;kr 44 36 4 17 2",
    "speaker": "ar 17 5 30 53 5;ko 32 40 11;po 32 40 6;ko 32 40 2;ko 32 18 6;po 32 18 3",
    "radio": "KM20 22L48 7;ar 6 20 52 33 6;ko 21 37 11;po 21 37 7;wr 38 26 15 7 1;KM48 26v7;yo 42 44 4;wo 52 44 3",
    "bicycle lamp": "yM46 24l13-7v28l-13-7z;kr 27 42 9 13 2;ar 16 21 31 20 7;do 26 31 4;pr 42 21 5 20 2",
    "water bottle": "kr 26 5 12 9 3;aM24 14h16l5 9v30c0 3-2 5-5 5H24c-3 0-5-2-5-5V23z;pr 19 30 26 11 0;wr 23 23 3 30 1",
    "tent": "gr 3 52 58 4 2;aM32 10L60 53H4z;dM32 10L45 53H19z;pM32 27l8 26H24z;DM32 10l-4-5M32 10l4-5",
    "camping stove": "sr 18 7 28 16 3;kr 46 11 13 4 2;KM15 26h34;yM24 26c2 6 14 6 16 0z;ar 18 37 28 20 6"
    ";dr 24 31 16 7 2",
    "head torch": "DM9 34c0-28 46-28 46 0;AM9 34c4 22 42 22 46 0;kr 20 26 24 20 7;ao 32 36 8;yo 32 36 5",
    "board game": "ar 9 9 46 46 3;wr 14 14 12 12 0;wr 38 14 12 12 0;wr 26 26 12 12 0;wr 14 38 12 12 0;wr 38 38 12 12 0"
    ";yo 32 20 4;ko 20 32 4;yo 44 32 4",
    "building blocks": "ar 9 33 22 22 2;yr 33 33 22 22 2;dM20 30L32 9l12 21z;wo 20 44 6;wr 39 39 10 10 1",
    "wooden train": "kr 14 16 7 12 1;ar 8 27 32 18 4;dr 36 14 18 31 2;wr 40 18 10 10 1;ko 17 49 7;ko 32 49 7;ko 47 49 7"
    ";yo 17 49 3;yo 32 49 3;yo 47 49 3",
    "soft toy": "ao 19 15 8;ao 45 15 8;po 19 15 4;po 45 15 4;ae 32 51 15 10;ao 32 28 18;pe 32 34 8 6;ko 25 24 2.5"
    ";ko 39 24 2.5;ke 32 31 3 2",
    "kite": "KM32 48c-8 5 6 8-3 14;aM32 4L54 27 32 50 10 27z;pM32 4L54 27H32z;dM32 50V27H10z",
}
