#pragma once

#include <string>

#include "core/http.hpp"

namespace hearth::system {

// Http by libcurl, which is loaded when the first request is sent and stays: a program that sends
// none pays for none of it. Plain http is spoken to loopback only. Proxies are those of the
// environment, and never between us and loopback.
class CurlHttp : public Http {
  public:
    struct Options {
        // The trusted authorities instead of the system's: a file of them, and a folder of files
        // that are named by their hashes. Each may be empty.
        std::string certificates;
        std::string certificate_folder;
        bool system_authorities = true;  // Whether the system's fill in for the one that is empty.
    };

    CurlHttp() = default;
    explicit CurlHttp(Options options) : options_(std::move(options)) {}

    // A method, URL or header that would break out of its line is refused with Remedy::usage.
    std::expected<HttpResponse, HttpFailure> send(HttpRequest request,
                                                  std::stop_token stop) override;

  private:
    Options options_;
};

}  // namespace hearth::system
