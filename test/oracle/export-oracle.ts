// The judges of an exported file, for tests: each is told by ffmpeg and ffprobe alone.
export { copyableSpan, expectedFrames, notKeyFrames, withHeldFrame, type ExpectedClip, type FrameSpan } from './clip-range.js'
export { copiedPackets, type PacketOrigins } from './copied-packets.js'
export { judgeClip, type ClipDemands, type ClipJudgement } from './judge-clip.js'
export { judgeSound, type SoundDemands, type SoundJudgement } from './judge-sound.js'
