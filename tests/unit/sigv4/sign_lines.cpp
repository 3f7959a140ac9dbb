// Signs the requests that it is given, a line of JSON each, and answers with a line of JSON: what
// differential.py compares with botocore.
#include <iostream>
#include <string>

#include "hearth/sigv4.hpp"
#include "json/document.hpp"
#include "json/object_writer.hpp"

namespace {

using hearth::json::Document;

struct Task {
    explicit Task(const Document& line)
        : method(line.text("method")),
          host(line.text("host")),
          path(line.text("path")),
          query(line.text("query")),
          body(line.text("body")),
          payload_hash(line.text("payload_hash")),
          id(line.text("id")),
          secret(line.text("secret")),
          token(line.text("token")),
          service(line.text("service")),
          region(line.text("region")),
          pairs(line.pairs("headers")),
          s3(line.flag("s3")),
          at(std::chrono::seconds(line.number("at").value_or(0))),
          lifetime(line.number("lifetime").value_or(0)) {
        for (const auto& [name, value] : pairs) headers.push_back({name, value});
    }

    [[nodiscard]] hearth::sigv4::Request request() const {
        return {.method = method,
                .host = host,
                .path = path,
                .query = query,
                .headers = headers,
                .body = body,
                .payload_hash = payload_hash};
    }
    [[nodiscard]] hearth::sigv4::Keys keys() const {
        return {.id = id, .secret = secret, .session_token = token};
    }
    [[nodiscard]] hearth::sigv4::Service asked() const {
        auto asked = s3 ? hearth::sigv4::Service::s3(region) : hearth::sigv4::Service{};
        asked.name = service;
        asked.region = region;
        return asked;
    }

    std::string method, host, path, query, body, payload_hash, id, secret, token, service, region;
    std::vector<std::pair<std::string, std::string>> pairs;
    std::vector<hearth::sigv4::HeaderView> headers;
    bool s3;
    std::chrono::sys_seconds at;
    std::chrono::seconds lifetime;
};

std::string answer(const hearth::sigv4::Signer& signer, const Task& task) {
    hearth::json::ObjectWriter out;
    if (task.lifetime.count() > 0) {
        const auto query =
            signer.presign(task.request(), task.keys(), task.asked(), task.at, task.lifetime);
        out.text(query ? "query" : "error", query ? *query : query.error().what);
    } else if (const auto done = signer.sign(task.request(), task.keys(), task.asked(), task.at)) {
        out.text("authorization", done->authorization)
            .text("date", done->date.view())
            .text("content_sha256", done->content_sha256.view());
    } else {
        out.text("error", done.error().what);
    }
    return std::string(out.take().reveal());
}

}  // namespace

int main() {
    // Fewer kept keys than there are in use, so that keys are derived anew as well.
    const hearth::sigv4::Signer signer(16);
    for (std::string line; std::getline(std::cin, line);) {
        const auto document = Document::parse(line);
        if (!document) return 1;
        std::cout << answer(signer, Task(*document)) << '\n';
    }
    return 0;
}
