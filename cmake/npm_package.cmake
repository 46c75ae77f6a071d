# npm_package(NAME VERSION SHA256 OUT_DIR): C sources that Debian does not carry but an npm package does. The package is
# taken with npm's own client, so that whatever registry or mirror it is configured for serves, and its archive must
# have exactly the pinned checksum. Downloads are shared by all build folders.
set(HOCKET_VENDOR_CACHE "${PROJECT_SOURCE_DIR}/.cache/vendor" CACHE PATH "Where downloaded source packages are kept")

function(npm_package name version sha256 out_dir)
  set(archive "${HOCKET_VENDOR_CACHE}/${name}-${version}.tgz")
  set(sources "${HOCKET_VENDOR_CACHE}/${name}-${version}")
  file(MAKE_DIRECTORY "${HOCKET_VENDOR_CACHE}")
  # Two configurations at the same time: one downloads, the other waits for it.
  file(LOCK "${HOCKET_VENDOR_CACHE}/lock" GUARD FUNCTION TIMEOUT 600)

  if(EXISTS "${archive}")
    file(SHA256 "${archive}" found)
    if(NOT found STREQUAL sha256)
      file(REMOVE "${archive}")  # cut short by an earlier failure, or tampered with: take it again
    endif()
  endif()
  if(NOT EXISTS "${archive}")
    find_program(NPM npm)
    if(NOT NPM)
      message(FATAL_ERROR "The sources of ${name} ${version} come as an npm package and npm is not installed: "
                          "install the Debian packages nodejs and npm (scripts/packages.txt), "
                          "or put the package's archive at ${archive}")
    endif()
    message(STATUS "Taking ${name} ${version} with ${NPM}")
    string(RANDOM LENGTH 8 suffix)
    set(download "${HOCKET_VENDOR_CACHE}/download-${suffix}")
    file(MAKE_DIRECTORY "${download}")
    execute_process(COMMAND "${NPM}" pack "${name}@${version}" --loglevel=error WORKING_DIRECTORY "${download}"
                    RESULT_VARIABLE status OUTPUT_VARIABLE output ERROR_VARIABLE output)
    if(NOT status EQUAL 0)
      file(REMOVE_RECURSE "${download}")
      message(FATAL_ERROR "npm could not fetch ${name}@${version} (is its registry reachable?):\n${output}")
    endif()
    file(SHA256 "${download}/${name}-${version}.tgz" found)
    if(NOT found STREQUAL sha256)
      file(REMOVE_RECURSE "${download}")
      message(FATAL_ERROR "${name}@${version}: SHA-256 ${found}, expected ${sha256}. Refusing to build it")
    endif()
    file(RENAME "${download}/${name}-${version}.tgz" "${archive}")
    file(REMOVE_RECURSE "${download}")
    file(REMOVE_RECURSE "${sources}")
  endif()

  if(NOT EXISTS "${sources}/unpacked")
    file(REMOVE_RECURSE "${sources}")
    file(ARCHIVE_EXTRACT INPUT "${archive}" DESTINATION "${sources}")
    file(TOUCH "${sources}/unpacked")  # last, so that an interrupted unpacking is repeated
  endif()
  set(${out_dir} "${sources}/package" PARENT_SCOPE)
endfunction()
