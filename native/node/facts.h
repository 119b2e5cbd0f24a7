// Owns turning the facts of a source into plain JavaScript objects.
#pragma once

#include <napi.h>

namespace framemill {

/// probe({ url, protocols, allowPlaylists }): NativeSourceFacts
Napi::Value probe_source(const Napi::CallbackInfo& info);
/// versions(): which FFmpeg is linked
Napi::Value linked_versions(const Napi::CallbackInfo& info);
/// pixelFormatName(format: number): string
Napi::Value name_of_pixel_format(const Napi::CallbackInfo& info);
/// encoderFacts(name: string): { type, codec }, both empty for none.
Napi::Value facts_of_encoder(const Napi::CallbackInfo& info);
/// pictureBytes({ pixelFormat, width, height }): number
Napi::Value bytes_of_picture(const Napi::CallbackInfo& info);

}  // namespace framemill
