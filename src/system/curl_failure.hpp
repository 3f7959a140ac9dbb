#pragma once

#include <curl/curl.h>

#include <string>
#include <string_view>

#include "core/http.hpp"
#include "hearth/error.hpp"

namespace hearth::system {

// What went wrong in one phrase for people, never what the server sent; empty for what has no
// phrase of its own.
std::string_view phrase(CURLcode code) noexcept;

// The server's certificate was not accepted.
bool about_certificates(CURLcode code) noexcept;
Error certificate_error(const std::string& place, const std::string& why);
// What is shown to the server, where the files do not make one.
Error client_certificate_error(const ClientCertificate& own);

// A failure of this kind comes before the first byte of the request is written, whatever else is
// known.
bool before_the_request(CURLcode code) noexcept;

}  // namespace hearth::system
