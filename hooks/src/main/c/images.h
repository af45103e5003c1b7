// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <stdbool.h>

// Did criu-bridge make the images in this directory? Then it holds our status file, or a
// manifest.yaml with our key: other tools write a manifest.yaml too.
bool images_are_ours(int directory);
