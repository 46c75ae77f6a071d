# Compiler flags for our own code. Third-party sources are built in cmake/dependencies.cmake without them. What is set
# for the folder ends with it; hocket_flags is what code that includes our headers needs too, so it reaches the projects
# that embed us.
add_library(hocket_flags INTERFACE)
target_compile_features(hocket_flags INTERFACE cxx_std_23)

add_compile_options(-Wall -Wextra -Wshadow -Werror -fno-omit-frame-pointer)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  # g++ 12 sees overflows in std::vector<unsigned char>::insert that are not there (GCC bugs 105329, 109849), and
  # uninitialized members behind std::optional and std::expected (80635).
  add_compile_options(-Wno-stringop-overflow -Wno-stringop-overread -Wno-array-bounds -Wno-restrict
                      -Wno-maybe-uninitialized)
endif()
if(CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|AMD64")
  # Every x86-64-v2 machine runs the release build; what gains from more is chosen at run time.
  add_compile_options(-march=x86-64-v2)
endif()
if(HOCKET_PORTABLE)
  target_compile_definitions(hocket_flags INTERFACE HOCKET_PORTABLE)
endif()
if(HOCKET_SANITIZE)
  target_compile_options(hocket_flags INTERFACE -fsanitize=${HOCKET_SANITIZE} -fno-sanitize-recover=all)
  target_link_options(hocket_flags INTERFACE -fsanitize=${HOCKET_SANITIZE})
  # Slow anyway: with all assertions, ours and the library's.
  target_compile_options(hocket_flags INTERFACE -UNDEBUG)
  target_compile_definitions(hocket_flags INTERFACE _GLIBCXX_ASSERTIONS)
  if(HOCKET_SANITIZE MATCHES "address")
    # Pieces of slabs each by themselves, so that the end of their lives is seen; also in files that are not sanitized.
    target_compile_definitions(hocket_flags INTERFACE HOCKET_NO_SLABS)
  endif()
endif()
if(HOCKET_FUZZ)
  target_compile_options(hocket_flags INTERFACE -fsanitize=fuzzer-no-link)
  target_link_options(hocket_flags INTERFACE -fsanitize=fuzzer-no-link)
endif()
if(HOCKET_COVERAGE)
  target_compile_options(hocket_flags INTERFACE -fprofile-instr-generate -fcoverage-mapping)
  target_link_options(hocket_flags INTERFACE -fprofile-instr-generate)
endif()
if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
  add_link_options(-fuse-ld=lld)
endif()
