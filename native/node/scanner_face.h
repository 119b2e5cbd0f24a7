// Owns the JavaScript face of the packet scan.
#pragma once

#include <napi.h>

namespace framemill {

/// scanPackets({ url, protocols, allowPlaylists, streamIndex }): NativePacketTable
Napi::Value scan(const Napi::CallbackInfo& info);

}  // namespace framemill
