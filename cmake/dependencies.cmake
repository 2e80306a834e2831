# Outside libraries. Each is linked by one module (src/<module>/CMakeLists.txt) and hidden behind it.
find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)
find_package(Eigen3 REQUIRED NO_MODULE)
find_path(SPECTRA_INCLUDE Spectra/SymEigsSolver.h REQUIRED)  # eigenvectors of sparse matrices; headers only
find_package(nlohmann_json REQUIRED)
find_package(fmt REQUIRED)
find_package(PNG REQUIRED)
find_package(Boost 1.74 REQUIRED)
foreach(package IN ITEMS lilv-0:lilv lv2:lv2 sndfile:sndfile soxr:soxr libebur128:ebur128 fftw3f:fftw3f rubberband:rubberband
                libcurl:curl libarchive:archive sqlite3:sqlite3 yaml-cpp:yaml)
  string(REPLACE ":" ";" pair ${package})
  list(GET pair 0 module)
  list(GET pair 1 name)
  pkg_check_modules(${name} REQUIRED IMPORTED_TARGET ${module})
endforeach()
# The VST3 SDK's interfaces, declarations only; Debian has them among JUCE's sources.
find_path(SOUNDALIKE_VST3_SDK pluginterfaces/vst/ivstaudioprocessor.h
  PATHS /usr/share/juce/modules/juce_audio_processors/format_types/VST3_SDK NO_CMAKE_FIND_ROOT_PATH REQUIRED)
# CLAP's, which Debian has among the DISTRHO framework's sources.
find_path(SOUNDALIKE_CLAP clap/entry.h PATHS /usr/share/dpf/distrho/src NO_CMAKE_FIND_ROOT_PATH REQUIRED)
