#include "node/environment.h"

#include "node/arguments.h"

namespace framemill {

Environment& environment(const Napi::Env& env) { return *env.GetInstanceData<Environment>(); }

Napi::Value use_lane(const Napi::CallbackInfo& info) {
  auto& here = environment(info.Env());
  if (info[0].IsNull()) {
    here.control->attach(nullptr);
    here.lane.Reset();
    return info.Env().Undefined();
  }
  auto words = require_int32_array(info, 0, "lane", static_cast<std::size_t>(LaneWord::kNativeWords));
  here.lane = Napi::Reference<Napi::Int32Array>::New(words, 1);
  here.control->attach(words.Data());
  return info.Env().Undefined();
}

Napi::Value lane_words(const Napi::CallbackInfo& info) {
  auto words = Napi::Object::New(info.Env());
  const auto name = [&words](const char* key, LaneWord word) { words.Set(key, static_cast<double>(word)); };
  name("cancel", LaneWord::kCancel);
  name("stallMs", LaneWord::kStallMs);
  name("packetsRead", LaneWord::kPacketsRead);
  name("framesDecoded", LaneWord::kFramesDecoded);
  name("framesSkipped", LaneWord::kFramesSkipped);
  name("framesConverted", LaneWord::kFramesConverted);
  name("seeks", LaneWord::kSeeks);
  name("progressPermille", LaneWord::kProgressPermille);
  name("framesEncoded", LaneWord::kFramesEncoded);
  name("packetsCopied", LaneWord::kPacketsCopied);
  return words;
}

}  // namespace framemill
