#include "agent/endpoint_judge.hpp"

#include <algorithm>
#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/beast/core/string.hpp>
#include <boost/beast/http/basic_parser.hpp>

namespace hearth::agent {
namespace {

namespace beast = boost::beast;
namespace http = beast::http;
using beast::error_code;

std::string_view plain(beast::string_view text) { return {text.data(), text.size()}; }

// Looks at a header where it lies, so that the token in it is copied into locked memory alone.
class RequestReader : public http::basic_parser<true> {
  public:
    RequestReader() { header_limit(longest_question); }

    [[nodiscard]] Verdict verdict(std::uint16_t port) const {
        if (hosts_ > 1 || tokens_ > 1) return Verdict::malformed;
        if (!is_own_name(port)) return Verdict::foreign_host;
        return passed_on_ ? Verdict::passed_on : Verdict::granted;
    }
    // Once, at the end.
    [[nodiscard]] Question take() { return std::move(question_); }

  private:
    [[nodiscard]] bool is_own_name(std::uint16_t port) const {
        constexpr std::array<std::string_view, 3> names{"127.0.0.1", "localhost", "[::1]"};
        const std::string_view host = host_;
        const auto colon = host.rfind(':');
        if (colon == std::string_view::npos || host.substr(colon + 1) != std::to_string(port))
            return false;
        return std::ranges::any_of(
            names, [name = host.substr(0, colon)](auto one) { return beast::iequals(name, one); });
    }

    // What browsers say of a page that asks, and proxies of whom they ask for.
    static bool tells_of_another(std::string_view name) {
        constexpr std::array<std::string_view, 3> names{"Origin", "Forwarded", "Via"};
        constexpr std::array<std::string_view, 2> beginnings{"Sec-Fetch-", "X-Forwarded-"};
        return std::ranges::any_of(names, [name](auto one) { return beast::iequals(name, one); }) ||
               std::ranges::any_of(beginnings, [name](auto one) {
                   return beast::iequals(name.substr(0, one.size()), one);
               });
    }

    void on_request_impl(http::verb method, beast::string_view /*text*/, beast::string_view target,
                         int /*version*/, error_code& /*problem*/) override {
        question_.gets = method == http::verb::get;
        question_.target = plain(target);
    }
    void on_field_impl(http::field name, beast::string_view text, beast::string_view value,
                       error_code& /*problem*/) override {
        // A value that was folded over lines lies in the parser's own memory, and no longer than
        // this.
        if (name == http::field::host) {
            host_ = plain(value);
            ++hosts_;
        } else if (name == http::field::authorization) {
            question_.authorization = Secret(plain(value));
            ++tokens_;
        } else if (beast::iequals(text, "Metadata-Flavor")) {
            question_.flavored = value == "Google";
        } else {
            passed_on_ = passed_on_ || tells_of_another(plain(text));
        }
    }
    void on_response_impl(int /*code*/, beast::string_view /*reason*/, int /*version*/,
                          error_code& /*problem*/) override {}
    void on_header_impl(error_code& /*problem*/) override {}
    void on_body_init_impl(const boost::optional<std::uint64_t>& /*length*/,
                           error_code& /*problem*/) override {}
    std::size_t on_body_impl(beast::string_view body, error_code& /*problem*/) override {
        return body.size();
    }
    void on_chunk_header_impl(std::uint64_t /*size*/, beast::string_view /*extensions*/,
                              error_code& /*problem*/) override {}
    std::size_t on_chunk_body_impl(std::uint64_t /*remain*/, beast::string_view body,
                                   error_code& /*problem*/) override {
        return body.size();
    }
    void on_finish_impl(error_code& /*problem*/) override {}

    Question question_;
    std::string host_;
    int hosts_ = 0;
    int tokens_ = 0;
    bool passed_on_ = false;
};

}  // namespace

Judgement judge(std::string_view bytes, std::uint16_t port) {
    constexpr std::string_view end_of_header = "\r\n\r\n";
    const auto end = bytes.substr(0, longest_question).find(end_of_header);
    Judgement made;
    if (end == std::string_view::npos) {
        if (bytes.size() >= longest_question) made.verdict = Verdict::too_long;
        return made;
    }
    made.size = end + end_of_header.size();
    RequestReader reader;
    error_code problem;
    reader.put(boost::asio::const_buffer(bytes.data(), made.size), problem);
    // One that is not done has a body.
    const bool whole = !problem && reader.is_done();
    made.verdict = whole ? reader.verdict(port) : Verdict::malformed;
    if (made.verdict != Verdict::granted) return made;
    made.keeps = reader.keep_alive();
    made.question = reader.take();
    return made;
}

}  // namespace hearth::agent
