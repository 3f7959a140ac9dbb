#include "system/curl_exchange.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

#include "core/arena.hpp"
#include "system/curl_failure.hpp"

namespace hearth::system {
namespace {

constexpr std::size_t longest_body = 1024UL * 1024;
constexpr std::size_t longest_headers = 64UL * 1024;

std::string_view trimmed(std::string_view text) {
    const auto first = text.find_first_not_of(" \t");
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

bool has_header(const std::vector<Header>& headers, std::string_view name) {
    const auto lower = [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    };
    return std::ranges::any_of(headers, [&](const Header& header) {
        return std::ranges::equal(header.name, name, {}, lower);
    });
}

}  // namespace

CurlExchange::CurlExchange(const CurlLibrary& curl, const Url& url, const HttpRequest& request,
                           const CurlHttp::Options& options)
    : curl_(curl),
      url_(url),
      request_(request),
      multi_(curl.multi_init(), curl.multi_cleanup),
      easy_(curl.easy_init(), curl.easy_cleanup) {
    if (!multi_ || !easy_) {
        setup_ = CURLE_OUT_OF_MEMORY;
        return;
    }
    set_limits();
    set_trust(options);
    set_receivers();
    set_request();
    set_body();
    set(CURLOPT_HTTPHEADER, headers_);
}

CurlExchange::~CurlExchange() {
    easy_.reset();
    // The lines hold tokens.
    for (auto* line = headers_; line != nullptr; line = line->next) {
        Arena::wipe(line->data, std::strlen(line->data));
    }
    curl_.slist_free_all(headers_);
}

template <class Value>
void CurlExchange::set(CURLoption option, Value value) {
    const auto result = curl_.easy_setopt(easy_.get(), option, value);
    if (setup_ == CURLE_OK) setup_ = result;
}

void CurlExchange::add_header(std::string line) {
    auto* const longer = curl_.slist_append(headers_, line.c_str());
    Arena::wipe(line.data(), line.size());
    if (longer == nullptr) {
        setup_ = CURLE_OUT_OF_MEMORY;
    } else {
        headers_ = longer;
    }
}

void CurlExchange::set_limits() {
    set(CURLOPT_PROTOCOLS_STR, "http,https");
    set(CURLOPT_FOLLOWLOCATION, 0L);
    set(CURLOPT_FRESH_CONNECT, 1L);
    set(CURLOPT_FORBID_REUSE, 1L);
    // One request on one connection has no use for streams, which libcurl would resend when they
    // are refused.
    set(CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
    set(CURLOPT_NOSIGNAL, 1L);
    set(CURLOPT_TIMEOUT_MS, static_cast<long>(std::max<std::int64_t>(request_.timeout.count(), 1)));
    // A name server that does not answer must not hold up a stop request; older libraries do not
    // know the option.
    (void)curl_.easy_setopt(easy_.get(), CURLOPT_QUICK_EXIT, 1L);
    if (url_.loopback() || url_.machine_service()) set(CURLOPT_PROXY, "");
}

void CurlExchange::set_trust(const CurlHttp::Options& options) {
    set(CURLOPT_SSL_VERIFYPEER, 1L);
    set(CURLOPT_SSL_VERIFYHOST, 2L);
    set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    const auto take = [&](CURLoption option, const std::string& path) {
        if (!path.empty()) set(option, path.c_str());
        // Null is none at all, where leaving it out is the system's.
        if (path.empty() && !options.system_authorities) {
            set(option, static_cast<const char*>(nullptr));
        }
    };
    take(CURLOPT_CAINFO, options.certificates);
    take(CURLOPT_CAPATH, options.certificate_folder);
    if (const auto& own = request_.client_certificate) {
        set(CURLOPT_SSLCERT, own->certificate_file.c_str());
        set(CURLOPT_SSLKEY, own->key_file.c_str());
        // Without one OpenSSL would ask on the terminal.
        set(CURLOPT_KEYPASSWD, "");
    }
}

void CurlExchange::set_receivers() {
    set(CURLOPT_ERRORBUFFER, detail_.data());
    set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
    set(CURLOPT_HEADERFUNCTION, &CurlExchange::on_header);
    set(CURLOPT_HEADERDATA, this);
    set(CURLOPT_WRITEFUNCTION, &CurlExchange::on_body);
    set(CURLOPT_WRITEDATA, this);
}

void CurlExchange::set_request() {
    set(CURLOPT_URL, request_.url.c_str());
    set(CURLOPT_PATH_AS_IS, 1L);
    set(CURLOPT_USERAGENT, "hearth/" HEARTH_VERSION);
    for (const auto& header : request_.headers) {
        // libcurl takes "Name:" as an order to leave the header out, and "Name;" as one without a
        // value.
        add_header(header.value.empty() ? header.name + ";" : header.name + ": " + header.value);
    }
    // Nothing that the caller did not ask for, and no waiting for "100 Continue".
    add_header("Expect:");
}

void CurlExchange::set_body() {
    if (request_.method == "HEAD") {
        set(CURLOPT_NOBODY, 1L);
        return;
    }
    if (request_.method == "GET" && request_.body.empty()) return;  // libcurl's default.
    const bool takes_one =
        request_.method == "POST" || request_.method == "PUT" || request_.method == "PATCH";
    if (takes_one || !request_.body.empty()) {
        const auto body = request_.body.reveal();
        set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body.size()));
        set(CURLOPT_POSTFIELDS, body.empty() ? "" : body.data());
        // libcurl's own guess would be a form.
        if (!has_header(request_.headers, "content-type")) add_header("Content-Type:");
    }
    if (request_.method != "POST") set(CURLOPT_CUSTOMREQUEST, request_.method.c_str());
}

std::size_t CurlExchange::on_header(char* start, std::size_t unit, std::size_t count,
                                    void* self) noexcept {
    auto& exchange = *static_cast<CurlExchange*>(self);
    return exchange.take_header({start, unit * count}) ? unit * count : 0;
}

bool CurlExchange::take_header(std::string_view line) {
    header_bytes_ += line.size();
    if (header_bytes_ > longest_headers) {
        over_limit_ = "more than 64 KiB of headers";
        return false;
    }
    // A status line begins anew: what came before was "100 Continue" or another interim answer.
    if (line.starts_with("HTTP/")) {
        received_.clear();
        headers_whole_ = false;
        return true;
    }
    if (line == "\r\n" || line == "\n") headers_whole_ = true;
    const auto colon = line.find(':');
    if (colon == std::string_view::npos) return true;
    received_.push_back({.name = std::string(trimmed(line.substr(0, colon))),
                         .value = std::string(trimmed(line.substr(colon + 1)))});
    return true;
}

std::size_t CurlExchange::on_body(char* start, std::size_t unit, std::size_t count,
                                  void* self) noexcept {
    auto& exchange = *static_cast<CurlExchange*>(self);
    const std::size_t size = unit * count;
    if (exchange.body_.size() + size > longest_body) {
        exchange.over_limit_ = "more than 1 MiB";
        return 0;
    }
    exchange.body_.append({start, size});
    return size;
}

std::expected<HttpResponse, HttpFailure> CurlExchange::run(const std::stop_token& stop) {
    if (setup_ != CURLE_OK) return std::unexpected(failure(setup_));
    const CURLcode code = drive(stop);
    if (code != CURLE_OK) return std::unexpected(failure(code));
    // libcurl is content with headers that break off.
    if (!headers_whole_) return std::unexpected(failure(CURLE_PARTIAL_FILE));
    long status = 0;
    curl_.easy_getinfo(easy_.get(), CURLINFO_RESPONSE_CODE, &status);
    return HttpResponse{
        .status = static_cast<int>(status), .headers = std::move(received_), .body = body_.take()};
}

// The multi interface, because it can be woken: a stop request ends the wait at once.
CURLcode CurlExchange::drive(const std::stop_token& stop) {
    if (stop.stop_requested()) return CURLE_ABORTED_BY_CALLBACK;
    if (curl_.multi_add_handle(multi_.get(), easy_.get()) != CURLM_OK) return CURLE_FAILED_INIT;
    const std::stop_callback wake(stop, [this] { (void)curl_.multi_wakeup(multi_.get()); });
    int running = 1;
    CURLMcode problem = CURLM_OK;
    while (running > 0 && problem == CURLM_OK && !stop.stop_requested()) {
        problem = curl_.multi_perform(multi_.get(), &running);
        if (running > 0 && problem == CURLM_OK && !stop.stop_requested()) {
            problem = curl_.multi_poll(multi_.get(), nullptr, 0, 1000, nullptr);
        }
    }
    const CURLcode code = running == 0 ? outcome() : CURLE_ABORTED_BY_CALLBACK;
    (void)curl_.multi_remove_handle(multi_.get(), easy_.get());
    return problem == CURLM_OK ? code : CURLE_OUT_OF_MEMORY;
}

CURLcode CurlExchange::outcome() const {
    int left = 0;
    while (const CURLMsg* const message = curl_.multi_info_read(multi_.get(), &left)) {
        if (message->msg == CURLMSG_DONE) return message->data.result;
    }
    return CURLE_FAILED_INIT;
}

// Errs on the side of "may": the caller then looks before it sends again.
bool CurlExchange::may_have_been_sent(CURLcode code) {
    if (!easy_ || before_the_request(code)) return false;
    long written = 0;
    curl_off_t connected = 0;
    curl_.easy_getinfo(easy_.get(), CURLINFO_REQUEST_SIZE, &written);
    // For https the handshake's end: what a proxy was told before is not the request.
    curl_.easy_getinfo(easy_.get(),
                       url_.secure() ? CURLINFO_APPCONNECT_TIME_T : CURLINFO_CONNECT_TIME_T,
                       &connected);
    if (url_.secure()) return connected > 0;
    return written > 0 || connected > 0;
}

HttpFailure CurlExchange::failure(CURLcode code) {
    const auto stage =
        may_have_been_sent(code) ? HttpFailure::Stage::no_answer : HttpFailure::Stage::not_sent;
    const std::string place = url_.origin();
    if (about_certificates(code)) {
        return {stage, certificate_error(
                           place, detail_[0] != '\0' ? detail_.data() : curl_.easy_strerror(code))};
    }
    if (code == CURLE_SSL_CERTPROBLEM && request_.client_certificate)
        return {stage, client_certificate_error(*request_.client_certificate)};
    std::string why(phrase(code));
    if (code == CURLE_OPERATION_TIMEDOUT) why = "no answer within " + to_string(request_.timeout);
    if (!over_limit_.empty()) why = "it sent " + over_limit_;
    if (why.empty()) why = curl_.easy_strerror(code);
    return {stage, Error{Remedy::unreachable, place + ": " + why, ""}};
}

}  // namespace hearth::system
