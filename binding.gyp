{
  "variables": { "ffmpeg": "libavformat libavcodec libavfilter libswscale libavutil" },
  "targets": [{
    "target_name": "framemill",
    "sources": ["<!@(cat native/sources.txt)"],
    "include_dirs": ["native", "<!(node -p \"require('node-addon-api').include_dir\")"],
    "defines": ["NAPI_VERSION=8", "NODE_ADDON_API_CPP_EXCEPTIONS_ALL", "NODE_API_SWALLOW_UNTHROWABLE_EXCEPTIONS"],
    "cflags": ["<!@(pkg-config --cflags <(ffmpeg))"],
    "cflags_cc!": ["-fno-exceptions", "-fno-rtti", "-std=gnu++17"],
    "cflags_cc": ["-std=c++20", "-fvisibility=hidden", "-Wall", "-Wextra"],
    "xcode_settings": {
      "GCC_ENABLE_CPP_EXCEPTIONS": "YES",
      "CLANG_CXX_LANGUAGE_STANDARD": "c++20",
      "OTHER_CFLAGS": ["<!@(pkg-config --cflags <(ffmpeg))"]
    },
    "libraries": ["<!@(pkg-config --libs <(ffmpeg))"]
  }]
}
