// The whole export list of the addon; src/native/binding.ts types it, a test compares the two.
#include <napi.h>

#include "node/analyzer_face.h"
#include "node/clip_maker_face.h"
#include "node/environment.h"
#include "node/facts.h"
#include "node/inspection.h"
#include "node/remuxer_face.h"
#include "node/sampler_face.h"
#include "node/scanner_face.h"
#include "node/sound_analysis_face.h"
#include "node/sound_face.h"
#include "node/transcoder_face.h"

namespace {

Napi::Object initialize(Napi::Env env, Napi::Object exports) {
  using namespace framemill;
  env.SetInstanceData(new Environment);  // Node deletes it when its thread ends
  exports.Set("versions", Napi::Function::New(env, linked_versions));
  exports.Set("laneWords", Napi::Function::New(env, lane_words));
  exports.Set("useLane", Napi::Function::New(env, use_lane));
  exports.Set("pixelFormatName", Napi::Function::New(env, name_of_pixel_format));
  exports.Set("encoderFacts", Napi::Function::New(env, facts_of_encoder));
  exports.Set("pictureBytes", Napi::Function::New(env, bytes_of_picture));
  exports.Set("probe", Napi::Function::New(env, probe_source));
  exports.Set("scanPackets", Napi::Function::New(env, scan));
  exports.Set("randomAccess", Napi::Function::New(env, random_access_of_source));
  exports.Set("compareFrames", Napi::Function::New(env, compare));
  exports.Set("transcodeSubtitles", Napi::Function::New(env, transcode_text));
  exports.Set("analysisRow", Napi::Function::New(env, analysis_row));
  exports.Set("measureChange", Napi::Function::New(env, measure_change_of_pictures));
  exports.Set("Sampler", SamplerFace::define(env));
  exports.Set("Analyzer", AnalyzerFace::define(env));
  exports.Set("Transcoder", TranscoderFace::define(env));
  exports.Set("SoundTranscoder", SoundFace::define(env));
  exports.Set("SoundAnalyzer", SoundAnalysisFace::define(env));
  exports.Set("Remuxer", RemuxerFace::define(env));
  exports.Set("ClipMaker", ClipMakerFace::define(env));
  return exports;
}

}  // namespace

NODE_API_MODULE(framemill, initialize)
