#pragma once

#include <curl/curl.h>

#include <array>
#include <expected>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "core/http.hpp"
#include "core/url.hpp"
#include "system/curl_http.hpp"
#include "system/curl_library.hpp"

namespace hearth::system {

// One request on one connection and what came of it; used once, by one thread.
class CurlExchange {
  public:
    // All of them must outlive the exchange.
    CurlExchange(const CurlLibrary& curl, const Url& url, const HttpRequest& request,
                 const CurlHttp::Options& options);
    ~CurlExchange();
    CurlExchange(const CurlExchange&) = delete;
    CurlExchange& operator=(const CurlExchange&) = delete;

    std::expected<HttpResponse, HttpFailure> run(const std::stop_token& stop);

  private:
    using Easy = std::unique_ptr<CURL, decltype(&curl_easy_cleanup)>;
    using Multi = std::unique_ptr<CURLM, decltype(&curl_multi_cleanup)>;

    template <class Value>
    void set(CURLoption option, Value value);
    void add_header(std::string line);
    void set_limits();
    void set_trust(const CurlHttp::Options& options);
    void set_receivers();
    void set_request();
    void set_body();

    static std::size_t on_header(char* start, std::size_t unit, std::size_t count,
                                 void* self) noexcept;
    static std::size_t on_body(char* start, std::size_t unit, std::size_t count,
                               void* self) noexcept;
    bool take_header(std::string_view line);

    CURLcode drive(const std::stop_token& stop);
    [[nodiscard]] CURLcode outcome() const;
    [[nodiscard]] HttpFailure failure(CURLcode code);
    [[nodiscard]] bool may_have_been_sent(CURLcode code);

    const CurlLibrary& curl_;
    const Url& url_;
    const HttpRequest& request_;
    Multi multi_;
    Easy easy_;
    curl_slist* headers_ = nullptr;
    CURLcode setup_ = CURLE_OK;
    std::array<char, CURL_ERROR_SIZE> detail_{};

    std::vector<Header> received_;
    std::size_t header_bytes_ = 0;
    bool headers_whole_ = false;
    SecretBuilder body_;
    std::string over_limit_;  // What was too long, when something was.
};

}  // namespace hearth::system
