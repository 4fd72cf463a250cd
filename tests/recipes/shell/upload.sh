#!/bin/sh
# badftp run retry.yaml -- sh upload.sh report.csv
#
# What is tested stands here by curl. `badftp run` says where to go, and judges what came.
set -eu
curl --silent --show-error --retry 3 --retry-delay 1 --upload-file "$1" "$BADFTP_FTP_URL/"
