"""The whole run, data/ → models/: `python train.py [--real-train DIR] [--real-dev DIR] [--quick] [--resume]`.

The same as `framing train`. What happens, top to bottom:

1. Read the labelled articles of data/ (and real ones, if given), split by event.
2. Fit the baseline: TF-IDF and logistic regression, half a minute.
3. Fine-tune `accurate`: all-mpnet-base-v2, 4 epochs of windows of up to 384 tokens, rate 5e-5 falling
   by a tenth a layer, about an hour on 2 cores; checkpoints eight times on the way.
4. Export it to ONNX with int8 weights, check it against torch, calibrate it on the development articles.
5. The same for `fast`: all-MiniLM-L6-v2, with `accurate` as its teacher.
6. Measure each on the test split and the real development set, write their cards, and put each to use only
   if it reads the test split no worse than the one it replaces (--force: whatever it reads).
"""

import sys

from framing.cli import main

if __name__ == "__main__":
    sys.argv.insert(1, "train")
    main()
